import { TAG } from '../names';
import { context, unique, type VaultPlace } from './place';
import { type Policy, policy, tagged } from './policyDocument';
import { RULE_CHANGES, TAGGED_CHANGES } from './taggedChanges';
import { tagging } from './tagging';
import { NETWORK_ACTIONS } from './writeActions';

/**
 * What makes an endpoint, and changes one. No condition key tells its type. But a gateway endpoint alone, which is free, is in no subnet and
 * has no group: who may name neither makes no other. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
const ENDPOINTS = ['ec2:CreateVpcEndpoint', 'ec2:ModifyVpcEndpoint'] as const;

/** Creates, changes and removes what is mirrored of the network. */
export function networkPolicy(place: VaultPlace): Policy {
  const { inRegion } = context(place);
  const types = Object.values(NETWORK_ACTIONS);
  const mirrored = [
    'dhcp-options',
    'egress-only-internet-gateway',
    'internet-gateway',
    'key-pair',
    'launch-template',
    'network-acl',
    'placement-group',
    'prefix-list',
    'route-table',
    'security-group',
    'security-group-rule',
    'subnet',
    'vpc',
    'vpc-endpoint',
    'vpc-peering-connection',
  ];
  const changes = unique(types.flatMap((type) => type.change));
  const general = (action: string) => !(ENDPOINTS as readonly string[]).includes(action);
  const ours = changes.filter((action) => TAGGED_CHANGES.has(action));
  const arn = (type: string, account = place.drAccount) =>
    `arn:aws:ec2:${place.drRegion}:${account}:${type}/*`;
  return policy(
    {
      Sid: 'Change',
      Effect: 'Allow',
      Action: changes.filter((action) => !TAGGED_CHANGES.has(action) && general(action)),
      Resource: '*',
      Condition: inRegion,
    },
    {
      Sid: 'MakeGatewayEndpoints',
      Effect: 'Allow',
      Action: ENDPOINTS[0],
      Resource: ['route-table', 'vpc', 'vpc-endpoint'].map((type) => arn(type)),
      Condition: inRegion,
    },
    {
      Sid: 'ChangeOurGatewayEndpoints',
      Effect: 'Allow',
      Action: ENDPOINTS[1],
      Resource: ['route-table', 'vpc-endpoint'].map((type) => arn(type)),
      Condition: { ...inRegion, ...tagged(TAG.sourceId) },
    },
    {
      Sid: 'ChangeAndRemoveOurs',
      Effect: 'Allow',
      Action: unique([...ours, ...types.flatMap((type) => type.remove)]).filter(general),
      Resource: '*',
      Condition: { ...inRegion, ...tagged(TAG.sourceId) },
    },
    {
      Sid: 'Rules',
      Effect: 'Allow',
      Action: ours.filter((action) => (RULE_CHANGES as readonly string[]).includes(action)),
      // A rule that is being made has no tag yet, and AWS's own prefix lists never have. The group or table that it is in has ours.
      Resource: [arn('security-group-rule'), arn('prefix-list', 'aws'), arn('prefix-list')],
    },
    ...tagging({
      key: TAG.sourceId,
      creating: changes,
      made: arn('*'),
      ours: mirrored.map((type) => arn(type)),
      // What AWS itself makes with each VPC, and the rules that it puts into each group, until the provider takes them over.
      untagged: ['network-acl', 'route-table', 'security-group', 'security-group-rule'].map((type) =>
        arn(type),
      ),
    }),
  );
}
