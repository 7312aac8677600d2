import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { LifeboatError } from '../../../errors';
import { parseVaultSettings, VAULT_OPTIONS } from '../../../vault/settings';

const whole = {
  'lifeboat-vault:sourceAccount': '111111111111',
  'lifeboat-vault:sourceRegion': 'eu-west-1',
  'lifeboat-vault:drAccount': '222222222222',
  'lifeboat-vault:drRegion': 'eu-central-1',
  'lifeboat-vault:githubRepository': 'example/recovery',
};

function refused(config: Record<string, string>): LifeboatError['details'] {
  try {
    parseVaultSettings(config, 'dr');
  } catch (error) {
    if (error instanceof LifeboatError) return error.details;
    throw error;
  }
  throw new Error('the settings were accepted');
}

describe('parseVaultSettings', () => {
  it('fills in every default', () => {
    expect(parseVaultSettings(whole, 'dr')).to.deep.include({
      sourceRole: 'arn:aws:iam::111111111111:role/lifeboat-reader',
      githubBranch: 'main',
      githubEnvironment: 'recovery',
      previewPrincipals: [],
      runPrincipals: [],
      recoverPrincipals: [],
      breakGlassPrincipals: ['arn:aws:iam::222222222222:root'],
      alarmEmails: [],
      alarmAfterHours: 30,
      recycleBinDays: 14,
      replication: false,
      replicateBuckets: [],
      replicatedGiBPerDay: 100,
      lockDays: undefined,
    });
  });

  it('takes addresses with commas between them', () => {
    const config = { ...whole, 'lifeboat-vault:alarmEmails': 'one@example.com, two@example.com' };
    expect(parseVaultSettings(config, 'dr').alarmEmails).to.deep.equal([
      'one@example.com',
      'two@example.com',
    ]);
  });

  for (const [key, wrong] of [
    ['alarmAfterHours', '0'],
    ['alarmAfterHours', '169'],
    ['recycleBinDays', '366'],
    ['replicateBuckets', 'Shop_Images'],
    ['replicatedGiBPerDay', '0'],
    ['replicatedGiBPerDay', '100000'],
    ['replicatedGiBPerDay', '1.5'],
    ['lockDays', '36501'],
    ['lockDays', 'ever'],
    ['alarmEmails', 'nobody'],
    ['breakGlassPrincipals', 'arn:aws:iam::111111111111:role/theirs'],
    ['breakGlassPrincipals', 'arn:aws:iam::222222222222:role/lifeboat-run'],
  ] as const) {
    it(`refuses ${wrong} as ${key}`, () => {
      const refusal = refused({ ...whole, [`lifeboat-vault:${key}`]: wrong });
      expect(JSON.stringify(refusal)).to.include(key).and.to.include(wrong);
    });
  }

  it('refuses a replication whose buckets nobody watches', () => {
    const config = { ...whole, 'lifeboat-vault:replication': 'true' };
    expect(refused(config).next).to.contain('lifeboat-vault:replicateBuckets');
    const watched = parseVaultSettings({ ...config, 'lifeboat-vault:replicateBuckets': 'one, two' }, 'dr');
    expect(watched.replicateBuckets).to.deep.equal(['one', 'two']);
  });

  it('takes principals with commas between them', () => {
    const text = 'arn:aws:iam::222222222222:role/one, arn:aws:iam::222222222222:user/two';
    const { runPrincipals } = parseVaultSettings({ ...whole, 'lifeboat-vault:runPrincipals': text }, 'dr');
    expect(runPrincipals).to.deep.equal([
      'arn:aws:iam::222222222222:role/one',
      'arn:aws:iam::222222222222:user/two',
    ]);
  });

  for (const repository of ['example/recovery', 'example@12/recovery.of-us_all@34']) {
    it(`takes ${repository} as a repository`, () => {
      const config = { ...whole, 'lifeboat-vault:githubRepository': repository };
      expect(parseVaultSettings(config, 'dr').githubRepository).to.equal(repository);
    });
  }

  it('takes the committed example', () => {
    const file = readFileSync(path.resolve(__dirname, '../../../vault/Pulumi.dr.yaml'), 'utf8');
    const { config } = parse(file) as { config: Record<string, string> };
    expect(parseVaultSettings(config, 'dr').drAccount).to.equal('222222222222');
    expect(config['pulumi:disable-default-providers']).to.deep.equal(['aws']);
  });

  for (const key of ['sourceAccount', 'sourceRegion', 'drAccount', 'drRegion'] as const) {
    it(`says that ${key} is missing, what it is, and how to set it`, () => {
      const { [`lifeboat-vault:${key}` as keyof typeof whole]: _left, ...rest } = whole;
      expect(refused(rest)).to.deep.equal({
        what: `The setting ${key} is missing`,
        got: 'nothing',
        expected: VAULT_OPTIONS[key].help,
        next: `npm run pulumi -- -C vault config set lifeboat-vault:${key} ${VAULT_OPTIONS[key].example} --stack dr`,
      });
    });
  }

  const malformed: [key: string, value: string][] = [
    ['drAccount', '2222'],
    ['drRegion', 'Frankfurt'],
    ['githubRepository', 'example'],
    ['githubRepository', 'example/*'],
    ['githubRepository', 'example@12/recovery'],
    ['githubRepository', 'example/recovery@34'],
    ['githubRepository', 'example@12/recovery@*'],
    ['githubRepository', 'example@/recovery@'],
    ['githubBranch', '*'],
    ['githubEnvironment', 'any thing'],
    ['runPrincipals', '*'],
    ['runPrincipals', 'arn:aws:iam::222222222222:role/*'],
    ['sourceRole', 'lifeboat-reader'],
  ];
  for (const [key, value] of malformed) {
    it(`refuses ${value} as ${key}`, () => {
      expect(refused({ ...whole, [`lifeboat-vault:${key}`]: value })).to.deep.include({
        what: `The setting ${key} is malformed`,
        got: value,
      });
    });
  }

  it('refuses a key that it does not know, and one of another program', () => {
    for (const key of ['lifeboat-vault:retention', 'lifeboat:drAccount'])
      expect(refused({ ...whole, [key]: 'x' })).to.deep.include({
        what: 'Unknown setting in stack config',
        got: key,
        next: `npm run pulumi -- -C vault config rm ${key} --stack dr`,
      });
  });

  it('refuses provider settings', () => {
    expect(refused({ ...whole, 'aws:region': 'eu-central-1' }).what).to.include(
      'not configured by aws: keys',
    );
  });

  it('refuses a source that is the DR account', () => {
    const same = { ...whole, 'lifeboat-vault:sourceAccount': '222222222222' };
    expect(refused(same).what).to.equal('The source account and the DR account are the same');
  });

  it('refuses a principal of the source', () => {
    const got = 'arn:aws:iam::111111111111:role/x';
    expect(refused({ ...whole, 'lifeboat-vault:recoverPrincipals': got })).to.deep.include({
      what: 'The setting recoverPrincipals names a principal of another account',
      got,
    });
  });

  it('refuses a reader role of another account than the source', () => {
    const got = 'arn:aws:iam::333333333333:role/x';
    expect(refused({ ...whole, 'lifeboat-vault:sourceRole': got }).got).to.equal(got);
  });

  it('refuses roles that nobody could use', () => {
    const { 'lifeboat-vault:githubRepository': _left, ...rest } = whole;
    expect(refused(rest)).to.deep.include({
      what: 'Nobody could use the role of previewPrincipals',
      expected: 'at least one of them',
    });
  });
});
