import { expect } from 'chai';
import { TAG } from '../../../names';
import { RULE_CHANGES, TAGGED_CHANGES } from '../../../vault/taggedChanges';
import { NETWORK_ACTIONS } from '../../../vault/writeActions';
import { type Role, roleMay } from './place';

const all = Object.values(NETWORK_ACTIONS);
const granted = new Set(all.flatMap(({ change, remove }) => [...change, ...remove]));
const removals = new Set(all.flatMap(({ remove }) => remove));
const ours = { [`aws:ResourceTag/${TAG.sourceId}`]: 'vpc-0' };
const may = (action: string, named: string, context = {}) =>
  roleMay('run', { action, resource: `arn:aws:ec2:eu-central-1:${named}/x`, context });

const DR = 'arn:aws:ec2:eu-central-1:222222222222';
const TYPES = ['vpc', 'subnet', 'internet-gateway', 'prefix-list', 'launch-template'];
const MADE_BY_AWS = ['security-group', 'security-group-rule', 'network-acl', 'route-table'];
const claim = { [`aws:RequestTag/${TAG.sourceId}`]: 'vpc-0', 'aws:TagKeys': [TAG.sourceId] };
const tags =
  (role: Role) =>
  (type: string, context: Record<string, string | string[]>, action = 'CreateTags') =>
    roleMay(role, {
      action: `ec2:${action}`,
      resource: `${type.includes(':') ? type : `${DR}:${type}`}/x`,
      context,
    });

describe('what the run role may tag in DR', () => {
  const run = tags('run');

  it('what it makes, by the call that makes it', () => {
    for (const action of ['CreateVpc', 'CreateSubnet', 'ImportKeyPair', 'AuthorizeSecurityGroupIngress'])
      expect(run('vpc', { ...claim, 'ec2:CreateAction': action }), action).to.equal(true);
    for (const action of ['RunInstances', 'CreateVolume', 'CreateImage'])
      expect(run('vpc', { ...claim, 'ec2:CreateAction': action }), action).to.equal(false);
  });

  it('nothing that is there already without our tag', () => {
    for (const type of TYPES) expect(run(type, claim), type).to.equal(false);
    for (const type of ['instance', 'volume', 'network-interface'])
      expect(run(type, { ...claim, ...ours }), type).to.equal(false);
  });

  it('what carries our tag, which it cannot take off', () => {
    const name = { ...ours, 'aws:TagKeys': ['Name'] };
    for (const type of [...TYPES, ...MADE_BY_AWS]) {
      expect(run(type, { ...ours, ...claim }), type).to.equal(true);
      expect(run(type, name, 'DeleteTags'), type).to.equal(true);
      expect(run(type, { ...name, 'aws:TagKeys': ['Name', TAG.sourceId] }, 'DeleteTags'), type).to.equal(
        false,
      );
      // It would take all of them.
      expect(run(type, ours, 'DeleteTags'), type).to.equal(false);
      expect(run(type, { 'aws:TagKeys': ['Name'] }, 'DeleteTags'), type).to.equal(false);
    }
  });

  it('what AWS makes with a VPC, as ours, while nobody has given it a name', () => {
    for (const type of MADE_BY_AWS) {
      expect(run(type, claim), type).to.equal(true);
      expect(run(type, { ...claim, 'aws:ResourceTag/Name': 'theirs' }), type).to.equal(false);
      expect(run(type, { 'aws:TagKeys': ['Name'], 'aws:RequestTag/Name': 'x' }), type).to.equal(false);
    }
  });
});

describe('what the recover role may tag beside it', () => {
  const recover = tags('recover');
  const point = { [`aws:RequestTag/${TAG.recoveryPoint}`]: 'point', 'aws:TagKeys': [TAG.recoveryPoint] };
  const recovered = { [`aws:ResourceTag/${TAG.recoveryPoint}`]: 'point' };
  const IMAGE = 'arn:aws:ec2:eu-central-1::image';

  it('machines and their disks as they are made, and once they carry our tag', () => {
    for (const type of ['instance', 'volume', 'network-interface']) {
      expect(recover(type, { ...point, 'ec2:CreateAction': 'RunInstances' }), type).to.equal(true);
      expect(recover(type, { 'aws:TagKeys': ['Name'], ...recovered }), type).to.equal(true);
      expect(
        recover(type, { 'aws:TagKeys': [TAG.recoveryPoint], ...recovered }, 'DeleteTags'),
        type,
      ).to.equal(false);
    }
    expect(recover('instance', point)).to.equal(false);
    expect(recover('network-interface', point)).to.equal(false);
  });

  it('an image or a disk that has no name, as recovered', () => {
    for (const type of ['volume', IMAGE]) {
      expect(recover(type, point), type).to.equal(true);
      expect(recover(type, { ...point, 'aws:ResourceTag/Name': 'theirs' }), type).to.equal(false);
      expect(recover(type, { 'aws:TagKeys': ['Name'] }), type).to.equal(false);
    }
  });
});

describe('what the recover role may remove beside it', () => {
  it('a part of the network that is gone already', () => {
    const gone: [string, string, string][] = [
      ['ec2:DeleteSubnet', 'subnet', 'ec2:Vpc'],
      ['ec2:DeleteSecurityGroup', 'security-group', 'ec2:Vpc'],
      ['ec2:RevokeSecurityGroupIngress', 'security-group', 'ec2:Vpc'],
      ['ec2:DeleteVpc', 'vpc', 'ec2:Tenancy'],
    ];
    for (const [action, type, key] of gone) {
      const resource = `arn:aws:ec2:eu-central-1:222222222222:${type}/x`;
      expect(roleMay('recover', { action, resource }), action).to.equal(true);
      expect(roleMay('recover', { action, resource, context: { [key]: 'x' } }), action).to.equal(false);
      expect(roleMay('run', { action, resource }), action).to.equal(false);
    }
  });
});

describe('what the recover role may make of the ways out', () => {
  const recover = (action: string, type: string, context = {}) =>
    roleMay('recover', { action: `ec2:${action}`, resource: `${DR}:${type}/x`, context });

  it('a NAT gateway of our own, in a subnet and on an address of ours', () => {
    for (const [type, context] of [
      ['natgateway', claim],
      ['subnet', ours],
      ['elastic-ip', ours],
    ] as const) {
      expect(recover('CreateNatGateway', type, context), type).to.equal(true);
      expect(recover('CreateNatGateway', type), type).to.equal(false);
    }
    expect(
      recover('CreateTags', 'natgateway', { ...claim, 'ec2:CreateAction': 'CreateNatGateway' }),
    ).to.equal(true);
    expect(recover('CreateTags', 'natgateway', claim)).to.equal(false);
    expect(recover('DeleteNatGateway', 'natgateway', ours)).to.equal(true);
    expect(recover('DeleteNatGateway', 'natgateway')).to.equal(false);
    for (const action of ['CreateNatGateway', 'DeleteNatGateway'])
      expect(may(`ec2:${action}`, '222222222222:natgateway', { ...ours, ...claim }), action).to.equal(false);
  });

  it('an address that a NAT gateway gave up is forgotten, and nobody else’s taken away', () => {
    expect(roleMay('recover', { action: 'ec2:DisassociateAddress' })).to.equal(true);
    expect(recover('DisassociateAddress', 'elastic-ip', { 'ec2:Domain': 'vpc' })).to.equal(false);
    expect(recover('DisassociateAddress', 'elastic-ip', { 'ec2:Domain': 'vpc', ...ours })).to.equal(true);
    expect(roleMay('run', { action: 'ec2:DisassociateAddress' })).to.equal(false);
  });
});

describe('what the run role may change in DR', () => {
  for (const action of [...granted].filter((each) => TAGGED_CHANGES.has(each) || removals.has(each)))
    it(`it may ${action} only of what carries our tag`, () => {
      const types = ['vpc', 'subnet', 'security-group', 'route-table', 'network-acl'];
      for (const type of action === 'ec2:ModifyVpcEndpoint' ? ['vpc-endpoint', 'route-table'] : types) {
        expect(may(action, `222222222222:${type}`), type).to.equal(false);
        expect(may(action, `222222222222:${type}`, ours), type).to.equal(true);
      }
    });

  it('endpoints that are in no subnet and have no group, which cost nothing', () => {
    for (const action of ['ec2:CreateVpcEndpoint', 'ec2:ModifyVpcEndpoint']) {
      for (const type of ['vpc-endpoint', 'route-table'])
        expect(may(action, `222222222222:${type}`, ours), `${action} of ${type}`).to.equal(true);
      for (const type of ['subnet', 'security-group']) {
        const resource = `arn:aws:ec2:eu-central-1:222222222222:${type}/x`;
        expect(may(action, `222222222222:${type}`, ours), `${action} of ${type}`).to.equal(false);
        expect(roleMay('recover', { action, resource, context: ours }), action).to.equal(true);
        expect(roleMay('recover', { action, resource }), action).to.equal(false);
      }
    }
  });

  it('rules that are being made and prefix lists of AWS have no tag of ours', () => {
    for (const action of RULE_CHANGES)
      for (const named of ['222222222222:security-group-rule', 'aws:prefix-list'])
        expect(may(action, named), `${action} of ${named}`).to.equal(true);
  });

  it('what needs no tag only creates, or is named with a reason in vault/taggedChanges.ts', () => {
    const untagged = [...granted].filter((each) => !TAGGED_CHANGES.has(each) && !removals.has(each));
    // Of buckets, names tell: see vault/bucketsPolicy.ts.
    const others = untagged.filter((action) => !/^([a-z0-9]+:(Create|Import|Request)|s3:)/.test(action));
    expect(others.sort()).to.deep.equal([
      'ec2:AssociateDhcpOptions',
      'ec2:DeleteNetworkAclEntry',
      'ec2:DeleteRoute',
      'ec2:DeleteSubnetCidrReservation',
      'ec2:DisableVgwRoutePropagation',
      'ec2:DisassociateRouteTable',
      'ec2:DisassociateSubnetCidrBlock',
      'ec2:DisassociateVpcCidrBlock',
    ]);
  });
});
