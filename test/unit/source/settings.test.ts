import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { LifeboatError } from '../../../errors';
import { parseSourceSettings } from '../../../source/settings';

const whole = {
  'lifeboat-source:sourceAccount': '111111111111',
  'lifeboat-source:sourceRegion': 'eu-west-1',
  'lifeboat-source:drAccount': '222222222222',
  'lifeboat-source:externalId': 'an-external-id',
};

function refused(config: Record<string, string>): LifeboatError['details'] {
  try {
    parseSourceSettings(config, 'dr');
  } catch (error) {
    if (error instanceof LifeboatError) return error.details;
    throw error;
  }
  throw new Error('the settings were accepted');
}

describe('parseSourceSettings', () => {
  it("fills in every default, and trusts nobody but the vault's run role", () => {
    expect(parseSourceSettings(whole, 'dr')).to.deep.include({
      trustedPrincipals: ['arn:aws:iam::222222222222:role/lifeboat-run'],
      snapshotEveryHours: 24,
      snapshotAt: '03:00',
      snapshotsKept: 7,
    });
  });

  it('takes the committed example', () => {
    const file = readFileSync(path.resolve(__dirname, '../../../source/Pulumi.dr.yaml'), 'utf8');
    const { config } = parse(file) as { config: Record<string, string> };
    expect(parseSourceSettings(config, 'dr').trustedPrincipals).to.deep.equal([
      'arn:aws:iam::222222222222:root',
    ]);
    expect(config['pulumi:disable-default-providers']).to.deep.equal(['aws']);
  });

  for (const key of ['sourceAccount', 'sourceRegion', 'drAccount', 'externalId'] as const) {
    it(`says that ${key} is missing, and how to set it`, () => {
      const { [`lifeboat-source:${key}` as keyof typeof whole]: _left, ...rest } = whole;
      const { what, next } = refused(rest);
      expect(what).to.equal(`The setting ${key} is missing`);
      expect(next).to.match(new RegExp(`^npm run pulumi -- -C source config set lifeboat-source:${key} `));
    });
  }

  const malformed: [key: string, value: string][] = [
    ['sourceAccount', '1111'],
    ['externalId', 'short'],
    ['snapshotEveryHours', '5'],
    ['snapshotAt', '24:00'],
    ['snapshotsKept', '0'],
    ['snapshotsKept', '1001'],
    ['trustedPrincipals', 'arn:aws:iam::222222222222:role/*'],
    ['trustedPrincipals', '222222222222'],
  ];
  for (const [key, value] of malformed) {
    it(`refuses ${value} as ${key}`, () => {
      expect(refused({ ...whole, [`lifeboat-source:${key}`]: value })).to.deep.include({
        what: `The setting ${key} is malformed`,
        got: value,
      });
    });
  }

  it('refuses a key that it does not know', () => {
    expect(refused({ ...whole, 'lifeboat-source:rpo': '1' }).got).to.equal('lifeboat-source:rpo');
  });

  it('refuses a source that is the DR account', () => {
    const same = { ...whole, 'lifeboat-source:sourceAccount': '222222222222' };
    expect(refused(same).what).to.equal('The source account and the DR account are the same');
  });

  it('refuses to trust anybody outside the DR account', () => {
    const got = 'arn:aws:iam::333333333333:role/x';
    expect(refused({ ...whole, 'lifeboat-source:trustedPrincipals': got }).got).to.equal(got);
  });
});
