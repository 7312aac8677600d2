import { TAG } from '../names';
import { EDGE_ACTIONS } from './edgeActions';
import { context, unique, type VaultPlace } from './place';
import { type Policy, policy, tagged } from './policyDocument';

/** The tags of a request name what it is the mirror of. */
const asOurs = { Null: { [`aws:RequestTag/${TAG.sourceId}`]: 'false' } };

/** Rights to tag, and to take tags away, by service. */
const TAGGING = {
  put: ['elasticloadbalancing:AddTags', 'sns:TagResource', 'ssm:AddTagsToResource'],
  take: ['elasticloadbalancing:RemoveTags', 'sns:UntagResource', 'ssm:RemoveTagsFromResource'],
} as const;

/**
 * Creates what is mirrored of load balancing, topics, parameters and certificates, with our tag alone, and changes and removes what has
 * it.
 */
export function edgePolicy(place: VaultPlace): Policy {
  const { inRegion } = context(place);
  const types = Object.values(EDGE_ACTIONS);
  return policy(
    {
      Sid: 'Make',
      Effect: 'Allow',
      Action: unique(types.flatMap((type) => type.change)),
      Resource: '*',
      Condition: { ...inRegion, ...asOurs },
    },
    {
      // Load balancing tells that a tag is of what is being made.
      Sid: 'TagGroups',
      Effect: 'Allow',
      Action: 'elasticloadbalancing:AddTags',
      Resource: '*',
      Condition: { StringEquals: { 'elasticloadbalancing:CreateAction': 'CreateTargetGroup' }, ...asOurs },
    },
    {
      // These services ask for the tags of what is made as for any, and have no condition that tells it: see docs/adr/0012.
      Sid: 'TagWhatHasNoTag',
      Effect: 'Allow',
      Action: ['sns:TagResource', 'ssm:AddTagsToResource'],
      Resource: '*',
      Condition: {
        Null: {
          ...asOurs.Null,
          [`aws:ResourceTag/${TAG.sourceId}`]: 'true',
          'aws:ResourceTag/Name': 'true',
        },
      },
    },
    {
      Sid: 'ChangeAndRemoveOurs',
      Effect: 'Allow',
      Action: unique([...types.flatMap((type) => type.remove), ...TAGGING.put, ...TAGGING.take]),
      Resource: '*',
      Condition: { ...inRegion, ...tagged(TAG.sourceId) },
    },
    {
      Sid: 'OursStaysOurs',
      Effect: 'Deny',
      Action: TAGGING.take,
      Resource: '*',
      Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': TAG.sourceId } },
    },
  );
}
