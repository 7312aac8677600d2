import { expect } from 'chai';
import { LifeboatError } from '../../errors';
import { OPTIONS, parseSettings } from '../../settings';

const whole = {
  'lifeboat:sourceAccount': '111111111111',
  'lifeboat:sourceRegion': 'eu-west-1',
  'lifeboat:drAccount': '222222222222',
  'lifeboat:drRegion': 'eu-central-1',
  'lifeboat:externalId': 'an-external-id',
};

function refused(config: Record<string, string>): LifeboatError['details'] {
  try {
    parseSettings(config);
  } catch (error) {
    if (error instanceof LifeboatError) return error.details;
    throw error;
  }
  throw new Error('the settings were accepted');
}

describe('parseSettings', () => {
  it('fills in every default', () => {
    expect(parseSettings(whole)).to.deep.include({
      sourceRole: 'arn:aws:iam::111111111111:role/lifeboat-reader',
      inventory: 'live',
      recover: false,
      removals: 'hold',
      guardShare: 30,
      allow: [],
      recoverOnly: [],
      passUserData: [],
      recoverExcept: [],
      zones: {},
      vpcs: [],
      trust: [],
      buckets: {},
      mirrorDefaultVpc: false,
      rpoHours: 26,
      lockCopies: undefined,
      keepCopies: { hourly: 24, daily: 7, weekly: 4, monthly: 12, newest: 3, floorDays: 14 },
      copyMostGiB: undefined,
      copyMostSnapshots: undefined,
    });
  });

  it('types every value', () => {
    const settings = parseSettings({
      ...whole,
      'lifeboat:recoverAt': '2026-01-31T04:00:00Z',
      'lifeboat:recoverExcept': 'one, two',
      'lifeboat:zones': 'euw1-az1=euc1-az2,euw1-az2=euc1-az1',
      'lifeboat:guardShare': '100',
      'lifeboat:lockCopies': 'compliance:36500',
      'lifeboat:keepCopies': 'daily=30, floorDays=7',
      'lifeboat:copyMostGiB': '20480',
      'lifeboat:allow': 'subnet/*=0123456789ab@2026-01-31, route/rtb-1/10.0.0.0/8=ba9876543210@2026-02-28',
    });
    const at = '2026-01-31T04:00:00Z';
    expect(settings.recoverAt).to.deep.equal({ text: at, time: new Date(at) });
    expect(settings.recoverExcept).to.deep.equal(['one', 'two']);
    expect(settings.zones).to.deep.equal({ 'euw1-az1': 'euc1-az2', 'euw1-az2': 'euc1-az1' });
    expect(settings.guardShare).to.equal(100);
    expect(settings.lockCopies).to.deep.equal({ mode: 'compliance', days: 36_500 });
    expect(parseSettings({ ...whole, 'lifeboat:lockCopies': 'off' }).lockCopies).to.equal(undefined);
    expect(settings.keepCopies).to.deep.equal({
      hourly: 0,
      daily: 30,
      weekly: 0,
      monthly: 0,
      newest: 3,
      floorDays: 7,
    });
    expect(settings.copyMostGiB).to.equal(20_480);
    expect(settings.allow).to.deep.equal([
      { name: 'subnet/*', digest: '0123456789ab', until: '2026-01-31' },
      { name: 'route/rtb-1/10.0.0.0/8', digest: 'ba9876543210', until: '2026-02-28' },
    ]);
  });

  it('takes the inventory from the vault while it recovers, whatever the inventory setting says', () => {
    const settings = parseSettings({ ...whole, 'lifeboat:recover': 'true', 'lifeboat:inventory': 'live' });
    expect(settings.inventory).to.equal('saved');
  });

  it("leaves pulumi's own keys to pulumi", () => {
    expect(() => parseSettings({ ...whole, 'pulumi:disable-default-providers': '["aws"]' })).not.to.throw();
  });

  for (const key of ['sourceAccount', 'sourceRegion', 'drAccount', 'drRegion', 'externalId'] as const) {
    it(`says that ${key} is missing, what it is, and how to set it`, () => {
      const { [`lifeboat:${key}` as keyof typeof whole]: _left, ...rest } = whole;
      expect(refused(rest)).to.deep.include({
        what: `The setting ${key} is missing`,
        expected: OPTIONS[key].help,
        next: `npm run pulumi -- config set lifeboat:${key} ${OPTIONS[key].example} --stack dr`,
      });
    });
  }

  const malformed: Record<keyof typeof OPTIONS, string[]> = {
    sourceAccount: ['11111111111', '1111111111111', 'abc'],
    drAccount: ['0x2222222222', ''],
    sourceRegion: ['ireland', 'eu-west', 'EU-WEST-1'],
    drRegion: ['eu_central_1'],
    externalId: ['short', 'with space in it'],
    sourceRole: ['lifeboat-reader', 'arn:aws:iam::111111111111:user/x'],
    inventory: ['cached', 'true'],
    recover: ['yes', 'TRUE', '1'],
    home: ['yes'],
    volumeKey: ['alias/lifeboat-snapshots', 'arn:aws:kms:eu-central-1:222222222222:alias/x'],
    recoverAt: ['yesterday', '2026-01-31', '2026-13-31T00:00:00Z', '0 days ago', '2 days', '1 month ago'],
    images: ['ami-0a1b2c3d', 'ERP=ami-x', 'ERP=ami-0a1b2c3d,ERP=ami-0a1b2c3e', '=ami-0a1b2c3d'],
    imageMinutes: ['0', '100', '1.5', 'long'],
    passUserData: [],
    recoverOnly: [],
    recoverExcept: [],
    instanceTypes: [
      'm5.large',
      'm5.large=',
      'm5.large=big',
      'm5.large=m6i.large,m5.large=m5a.large',
      '=m5.large',
    ],
    switchDns: ['yes', '1'],
    switchRecords: [],
    drill: ['now', '20260131t040000', '20260131t040000-0', '20261331t040000-60', '20260131t040000-1441'],
    removals: ['drop'],
    guardShare: ['0', '101', '30%', '1.5'],
    allow: [
      'subnet/subnet-1',
      'subnet/subnet-1=0123456789ab',
      'subnet/subnet-1=0123456789a@2026-01-31',
      'subnet/subnet-1=0123456789ab@2026-02-31',
      'subnet/*=0123456789ab@tomorrow',
      'all',
    ],
    vpcs: ['prod', 'tag:env', 'vpc-xyz'],
    zones: ['eu-west-1a=eu-central-1b', 'euw1-az1', 'euw1-az1=euc1-az1=x'],
    trust: ['*', 'a b', 'arn:aws:iam::333333333333:role/*'],
    buckets: ['shop', 'a=b', 'Shop=shop-dr', 'one=there,two=there'],
    bucketsExcept: ['Audit', 'a', 'audit logs'],
    bucketLock: ['on', 'governance', 'governance:0', 'compliance:36501', 'Governance:30'],
    copyBuckets: ['Shop', 'a', 'shop,shop', 'shop=shop-dr'],
    replicateBuckets: ['shop_images', '*'],
    copyBucketsMostGiB: ['0', '10 GiB'],
    copyBucketsMostObjects: ['-1', 'all'],
    mirrorDefaultVpc: ['on'],
    rpoHours: ['0', '1.5', '26h', '-1', '10000'],
    lockCopies: ['on', 'governance', 'governance:0', 'compliance:36501', 'compliance:30d', 'Governance:30'],
    keepCopies: [
      '',
      'all',
      'daily',
      'daily=-1',
      'daily=7;weekly=4',
      'yearly=1',
      'daily=0',
      'daily=7,newest=0',
      'daily=7,floorDays=0',
      'daily=7,daily=8',
    ],
    copyMostGiB: ['0', '-1', '1.5', '10 GiB', 'all'],
    copyMostSnapshots: ['0', 'all'],
  };
  for (const [key, values] of Object.entries(malformed)) {
    for (const value of values) {
      it(`refuses ${key} = "${value}" with the value and what was expected`, () => {
        const details = refused({ ...whole, [`lifeboat:${key}`]: value });
        expect(details).to.deep.include({ what: `The setting ${key} is malformed`, got: value });
        expect(details.expected).to.be.a('string').and.not.empty;
        expect(details.next).to.contain(`lifeboat:${key}`);
      });
    }
  }

  it('refuses a key that it does not know, naming those it does', () => {
    const details = refused({ ...whole, 'lifeboat:recovre': 'true' });
    expect(details).to.deep.include({ what: 'Unknown setting in stack config', got: 'lifeboat:recovre' });
    expect(details.expected).to.contain('lifeboat:recover');
  });

  it('refuses aws: keys, which would configure another provider than the one that is used', () => {
    expect(refused({ ...whole, 'aws:region': 'us-east-1' }).got).to.equal('aws:region');
  });

  it('refuses a source that is the DR account', () => {
    const details = refused({ ...whole, 'lifeboat:drAccount': '111111111111' });
    expect(details.what).to.equal('The source account and the DR account are the same');
  });

  it('refuses a reader role of another account than the source', () => {
    const key = 'arn:aws:kms:eu-west-1:222222222222:key/1';
    expect(refused({ ...whole, 'lifeboat:volumeKey': key }).what).to.contain('another account or region');
    const details = refused({ ...whole, 'lifeboat:sourceRole': 'arn:aws:iam::222222222222:role/reader' });
    expect(details.what).to.equal('The reader role is not in the source account');
  });
});
