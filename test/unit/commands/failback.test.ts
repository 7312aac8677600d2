import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { homeSettings } from '../../../scripts/failback/homeSettings';
import { addSettings, configOf, refuseOthersFile } from '../../../scripts/failback/stackFiles';
import { homeSteps, STEP } from '../../../scripts/failback/steps';
import { parseSettings } from '../../../settings';
import { parseSourceSettings } from '../../../source/settings';
import { parseVaultSettings } from '../../../vault/settings';

const settings = {
  sourceAccount: '111111111111',
  sourceRegion: 'eu-west-1',
  drAccount: '222222222222',
  drRegion: 'eu-central-1',
};
const facts = {
  settings,
  zones: { 'euw1-az1': 'euc1-az2', 'euw1-az2': 'euc1-az3', 'euw1-az3': 'euc1-az2' },
  administrator: 'arn:aws:iam::111111111111:role/admin',
  externalId: 'a-long-random-word',
  until: new Date('2026-02-07T00:00:00.123Z'),
};

describe('the settings of the way home', () => {
  const made = homeSettings(facts);

  it('exchange source and DR, and are what the three programs take', () => {
    const root = parseSettings({ ...made.root }, 'home');
    expect(root).to.deep.include({
      sourceAccount: '222222222222',
      sourceRegion: 'eu-central-1',
      drAccount: '111111111111',
      drRegion: 'eu-west-1',
      home: true,
      zones: { 'euc1-az2': 'euw1-az1', 'euc1-az3': 'euw1-az2' },
    });
    expect(parseVaultSettings(made.vault, 'home')).to.deep.include({
      drAccount: '111111111111',
      sourceRole: 'arn:aws:iam::222222222222:role/lifeboat-reader',
      runPrincipals: [facts.administrator],
    });
    const source = parseSourceSettings(made.source, 'home');
    expect(source).to.deep.include({
      sourceAccount: '222222222222',
      externalId: root.externalId,
      trustedPrincipals: ['arn:aws:iam::111111111111:role/lifeboat-run', facts.administrator],
      snapshotBy: 'none',
    });
    expect(source.until).to.deep.equal(new Date('2026-02-07T00:00:00Z'));
  });

  it('say which zones cannot be told apart any more', () => {
    expect(made.notes).to.have.length(1);
    expect(made.notes[0]).to.contain('euw1-az1 and euw1-az3 share euc1-az2');
  });
});

describe('the stack files of the way home', () => {
  let directory: string;
  let file: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'lifeboat-home-'));
    file = path.join(directory, 'Pulumi.home.yaml');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('are made with every value in quotes, and left alone when all is there', () => {
    expect(addSettings(file, { 'lifeboat:until': '2026-02-07T00:00:00Z' })).to.deep.equal(['lifeboat:until']);
    const text = readFileSync(file, 'utf8');
    expect(text)
      .to.contain('lifeboat:until: "2026-02-07T00:00:00Z"')
      .and.contain('disable-default-providers');
    expect(addSettings(file, { 'lifeboat:until': '2027-01-01T00:00:00Z' })).to.deep.equal([]);
    expect(readFileSync(file, 'utf8')).to.equal(text);
  });

  it('keep what somebody wrote, comments too', () => {
    writeFileSync(file, '# ours\nsecretsprovider: x\nconfig:\n  lifeboat:drAccount: "111111111111" # home\n');
    addSettings(file, { 'lifeboat:home': 'true' });
    const text = readFileSync(file, 'utf8');
    for (const part of ['# ours', 'secretsprovider: x', '# home', 'lifeboat:home: "true"'])
      expect(text).to.contain(part);
    expect(configOf(file)).to.deep.equal({ 'lifeboat:drAccount': '111111111111', 'lifeboat:home': 'true' });
  });

  it('are refused where another stack has the name', () => {
    writeFileSync(file, 'config:\n  lifeboat:drAccount: 222222222222\n');
    expect(() => refuseOthersFile(file, { 'lifeboat:drAccount': '111111111111' })).to.throw(
      'lifeboat:drAccount: 222222222222',
    );
    refuseOthersFile(file, { 'lifeboat:drAccount': '222222222222', 'lifeboat:zones': 'x' });
    expect(configOf(path.join(directory, 'none.yaml'))).to.deep.equal({});
  });
});

describe('the steps of the way home', () => {
  const steps = homeSteps({ settings, stack: 'dr', home: 'home' });

  it('are told by the places that plan looks at', () => {
    const titles = Object.entries(STEP).map(([name, index]) => [name, steps[index]?.title]);
    expect(Object.fromEntries(titles)).to.deep.equal({
      vault: 'A vault at home',
      source: 'A reader in DR, for a while, and a key that home may use',
      claim: 'What survived is taken over',
      mirror: 'The network at home',
      snapshots: 'The first snapshots: the machines run on',
    });
  });

  it('stand each in the runbook, with its commands', () => {
    const runbook = readFileSync(path.resolve(__dirname, '../../../docs/runbook.md'), 'utf8');
    for (const { commands } of steps)
      for (const command of commands) expect(runbook).to.include(command.replace(' --home home', ''));
  });
});
