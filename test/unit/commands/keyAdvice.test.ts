import { expect } from 'chai';
import type { Disk, Estate, Machine } from '../../../scripts/tagVolumes/estate';
import { keyAdvice, missingActions } from '../../../scripts/tagVolumes/keyAdvice';
import { reKeyAdvice } from '../../../scripts/tagVolumes/reKeyAdvice';
import { copyStatements } from '../../../source/policies';

const RUN = 'arn:aws:iam::222222222222:role/lifeboat-run';
const KEY = 'arn:aws:kms:eu-west-1:111111111111:key/1';
const MANAGED = 'arn:aws:kms:eu-west-1:111111111111:key/2';
const SETTINGS = { drAccount: '222222222222', drRegion: 'eu-central-1' };
const ALL = [
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
];

const document = (...Statement: unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (AWS: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS },
  Action: 'kms:*',
  Resource: '*',
  ...more,
});

describe('missingActions', () => {
  const given = (...statements: unknown[]) => missingActions(document(...statements), RUN);

  it('is nothing under the statements that are proposed', () => {
    expect(given(...copyStatements({ drAccount: '222222222222', trustedPrincipals: [RUN] }))).to.deep.equal(
      [],
    );
  });

  it('is all of it under the policy that AWS gives a key', () => {
    expect(given(allow('arn:aws:iam::111111111111:root'))).to.deep.equal(ALL);
  });

  it('takes the account, its root, the role or a star for DR', () => {
    for (const who of ['222222222222', ['x', 'arn:aws:iam::222222222222:root'], RUN, '*'])
      expect(given(allow(who)), String(who)).to.deep.equal([]);
    expect(given({ ...allow(''), Principal: '*' })).to.deep.equal([]);
  });

  it('names what is left out', () => {
    expect(given(allow(RUN, { Action: ['kms:Decrypt', 'kms:ReEncrypt*'] }))).to.deep.equal([
      'kms:CreateGrant',
      'kms:DescribeKey',
      'kms:GenerateDataKeyWithoutPlaintext',
    ]);
  });

  it('is not let in by what is for another role or account', () => {
    const only = (key: string, value: string, operator = 'StringEquals') =>
      given(allow('*', { Condition: { [operator]: { [key]: value } } }));
    expect(only('aws:PrincipalArn', 'arn:aws:iam::222222222222:role/other', 'ArnEquals')).to.deep.equal(ALL);
    expect(only('aws:PrincipalArn', 'arn:aws:iam::222222222222:role/*', 'ArnLike')).to.deep.equal([]);
    expect(only('kms:CallerAccount', '111111111111')).to.deep.equal(ALL);
    expect(given({ ...allow('*'), Effect: 'Deny' })).to.deep.equal(ALL);
  });
});

const disk = (changes: Partial<Disk>): Disk => ({
  volumeId: 'vol-1',
  device: '/dev/xvda',
  isRoot: true,
  tags: { Name: 'MASTER', MUSTSNAP: 'True', SYSDISK: 'True', 'aws:x': 'y' },
  attachedTo: ['i-1'],
  ...changes,
});

function estate(disks: readonly Disk[], policy = document(allow('arn:aws:iam::111111111111:root'))): Estate {
  const machine: Machine = {
    id: 'i-1',
    tags: { Name: "O'MASTER\nrm -rf /" },
    instanceType: 'm5.large',
    architecture: 'x86_64',
    enaSupport: true,
    availabilityZone: 'eu-west-1a',
    securityGroups: [],
    platform: 'Linux/UNIX',
    disks,
  };
  return {
    region: 'eu-west-1',
    machines: [machine],
    looseDisks: [],
    isAwsManagedKey: new Map([
      [KEY, false],
      [MANAGED, true],
    ]),
    keyPolicies: new Map([[KEY, policy]]),
    warnings: [],
  };
}

describe('keyAdvice', () => {
  it('names the disks, and gives the statements and the commands, once for each key', () => {
    const second = disk({ volumeId: 'vol-2', device: '/dev/sdf', isRoot: false, kmsKeyId: KEY });
    const [advice, ...others] = keyAdvice(estate([disk({ kmsKeyId: KEY }), second]), SETTINGS);
    expect(others).to.deep.equal([]);
    expect(advice).to.include('vol-1, /dev/xvda of').and.to.include('vol-2, /dev/sdf of');
    expect(advice).to.include(
      JSON.stringify(copyStatements({ drAccount: '222222222222', trustedPrincipals: [RUN] }), null, 2),
    );
    expect(advice).to.include(
      `aws kms put-key-policy --region eu-west-1 --key-id ${KEY} --policy-name default`,
    );
  });

  it('is silent where the key lets DR copy, and of disks that nobody protects', () => {
    const open = document(allow(RUN));
    expect(keyAdvice(estate([disk({ kmsKeyId: KEY })], open), SETTINGS)).to.deep.equal([]);
    const scratch = disk({ volumeId: 'vol-2', kmsKeyId: KEY, tags: { MUSTSNAP: 'False' } });
    expect(keyAdvice(estate([disk({}), scratch]), SETTINGS)).to.deep.equal([]);
  });
});

describe('reKeyAdvice', () => {
  it('keeps type, speed and tags, and lets no name reach the shell', () => {
    const tags = { Name: "O'MASTER", MUSTSNAP: 'True', 'aws:x': 'y' };
    const shape = { type: 'gp3', iops: 4_000, throughput: 200, endsWithMachine: true };
    const [advice = ''] = reKeyAdvice(estate([disk({ kmsKeyId: MANAGED, tags, ...shape })]));
    expect(advice).to.include('--volume-type gp3 --iops 4000 --throughput 200');
    expect(advice).to.include(`{"Key":"Name","Value":"O'\\''MASTER"}`).and.not.to.include('aws:x');
    expect(advice.split('\n')).to.include('(set -e').and.not.to.include('rm -rf /');
    expect(advice).to.include('"DeleteOnTermination":true');
  });

  it('says no speed of a type that has none of its own', () => {
    const [advice] = reKeyAdvice(estate([disk({ kmsKeyId: MANAGED, type: 'gp2', iops: 100 })]));
    expect(advice).to.include('--volume-type gp2 --encrypted').and.not.to.include('--iops');
    expect(advice).not.to.include('DeleteOnTermination');
  });

  it('stops a machine once for all its disks, and says who else has them', () => {
    const shared = disk({
      volumeId: 'vol-2',
      device: '/dev/sdf',
      isRoot: false,
      kmsKeyId: MANAGED,
      attachedTo: ['i-1', 'i-2'],
    });
    const [advice = '', ...others] = reKeyAdvice(estate([disk({ kmsKeyId: MANAGED }), shared]));
    expect(others).to.deep.equal([]);
    expect(advice.match(/stop-instances/g)).to.have.length(1);
    expect(advice).to.include('# vol-2 is attached to i-1, i-2');
  });

  it('leaves alone what is under a key of its own', () => {
    expect(reKeyAdvice(estate([disk({ kmsKeyId: KEY }), disk({ volumeId: 'vol-2' })]))).to.deep.equal([]);
  });
});
