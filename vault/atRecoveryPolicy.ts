import { TAG } from '../names';
import { AT_RECOVERY_ACTIONS } from './atRecoveryActions';
import { unique, type VaultPlace } from './place';
import { type Policy, policy, tagged } from './policyDocument';

/** What is made on something that is there, which has to be ours too. */
const MADE_ON_OURS = ['elasticloadbalancing:CreateListener', 'elasticloadbalancing:CreateRule'];

/** Services whose own role AWS makes with the first thing of theirs. */
const LINKED = ['autoscaling.amazonaws.com', 'elasticloadbalancing.amazonaws.com'];

/** The service of an action. */
const serviceOf = (action: string): string => action.slice(0, action.indexOf(':'));

/**
 * Makes, changes and removes what a recovery makes beside its machines. Route 53 knows no tags in policies: whoever recovers may change every
 * zone and check of the DR account. See docs/adr/0022-what-is-made-at-a-recovery.md.
 */
export function atRecoveryPolicy({ drAccount, drRegion }: VaultPlace): Policy {
  const types = Object.values(AT_RECOVERY_ACTIONS);
  const asOurs = { [`aws:RequestTag/${TAG.sourceId}`]: 'false' };
  const inRegion = { StringEquals: { 'aws:RequestedRegion': drRegion } };
  const arn = (type: string) => `arn:aws:ec2:${drRegion}:${drAccount}:${type}/*`;
  const outbound = ['elastic-ip', 'natgateway'].map(arn);
  const made = (of: (action: string) => boolean) => unique(types.flatMap(({ change }) => change).filter(of));
  const ours = unique(types.flatMap(({ remove }) => remove));
  const isGlobal = (action: string) => serviceOf(action) === 'route53';
  return policy(
    {
      Sid: 'Look',
      Effect: 'Allow',
      // `lifeboat recover` asks whether machines boot, before it begins those that wait for them.
      Action: unique([...types.flatMap(({ read }) => read), 'ec2:DescribeInstanceStatus']),
      Resource: '*',
    },
    { Sid: 'Names', Effect: 'Allow', Action: made(isGlobal), Resource: '*' },
    {
      Sid: 'MakeOurs',
      Effect: 'Allow',
      Action: made((action) => !isGlobal(action) && !MADE_ON_OURS.includes(action)),
      Resource: '*',
      Condition: { ...inRegion, Null: asOurs },
    },
    {
      Sid: 'MakeOnOurs',
      Effect: 'Allow',
      Action: MADE_ON_OURS,
      Resource: '*',
      Condition: { ...inRegion, Null: { ...asOurs, ...tagged(TAG.sourceId).Null } },
    },
    {
      Sid: 'TagWhatIsMade',
      Effect: 'Allow',
      Action: 'elasticloadbalancing:AddTags',
      Resource: '*',
      Condition: {
        StringEquals: {
          'elasticloadbalancing:CreateAction': ['CreateListener', 'CreateLoadBalancer', 'CreateRule'],
        },
        Null: asOurs,
      },
    },
    {
      Sid: 'HandleOurs',
      Effect: 'Allow',
      Action: ours,
      Resource: '*',
      Condition: { ...inRegion, ...tagged(TAG.sourceId) },
    },
    {
      // The network interface of a recovered machine carries no tag.
      Sid: 'GiveAddresses',
      Effect: 'Allow',
      Action: ours.filter((action) => /^ec2:(A|Disa)ssociateAddress$/.test(action)),
      Resource: arn('network-interface'),
    },
    {
      // A NAT gateway that is deleted gives its address up, and the provider asks for that as well. What is there has a domain.
      Sid: 'ForgetGoneAddresses',
      Effect: 'Allow',
      Action: 'ec2:DisassociateAddress',
      Resource: '*',
      Condition: { ...inRegion, Null: { 'ec2:Domain': 'true' } },
    },
    {
      Sid: 'TagWaysOut',
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: outbound,
      Condition: { StringEquals: { 'ec2:CreateAction': ['AllocateAddress', 'CreateNatGateway'] } },
    },
    {
      Sid: 'TagOurs',
      Effect: 'Allow',
      Action: ['ec2:CreateTags', 'ec2:DeleteTags'],
      Resource: outbound,
      Condition: { Null: { ...tagged(TAG.sourceId).Null, 'aws:TagKeys': 'false' } },
    },
    {
      Sid: 'OursStaysOurs',
      Effect: 'Deny',
      Action: ['autoscaling:DeleteTags', 'ec2:DeleteTags'],
      Resource: '*',
      Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': TAG.sourceId } },
    },
    {
      // Where the account has never had a group, or a load balancer, before.
      Sid: 'LetServicesAct',
      Effect: 'Allow',
      Action: 'iam:CreateServiceLinkedRole',
      Resource: LINKED.map((service) => `arn:aws:iam::${drAccount}:role/aws-service-role/${service}/*`),
      Condition: { StringEquals: { 'iam:AWSServiceName': LINKED } },
    },
  );
}
