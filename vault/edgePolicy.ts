import { GLOBAL_REGION } from '../accounts';
import { TAG } from '../names';
import { EDGE_ACTIONS } from './edgeActions';
import { unique, type VaultPlace } from './place';
import { type Policy, policy, type Statement, tagged } from './policyDocument';

/** The tags of a request name what it is the mirror of. */
const asOurs = { Null: { [`aws:RequestTag/${TAG.sourceId}`]: 'false' } };

/** Rights to tag, and to take tags away, by service. Load balancing alone tells that a tag is of what is being made. */
const TAG_ACTIONS = {
  whenMade: 'elasticloadbalancing:AddTags',
  put: ['acm:AddTagsToCertificate', 'sns:TagResource', 'ssm:AddTagsToResource'],
  take: [
    'acm:RemoveTagsFromCertificate',
    'elasticloadbalancing:RemoveTags',
    'sns:UntagResource',
    'ssm:RemoveTagsFromResource',
  ],
} as const;

const isCertificates = (action: string) => action.startsWith('acm:');

/** Rights in the DR region; of certificates also where CloudFront has its own. */
function inRegions(
  Sid: string,
  drRegion: string,
  actions: readonly string[],
  condition: Statement['Condition'],
) {
  const statement = (
    sid: string,
    Action: readonly string[],
    regions: string | readonly string[],
  ): Statement => ({
    Sid: sid,
    Effect: 'Allow',
    Action,
    Resource: '*',
    Condition: { ...condition, StringEquals: { 'aws:RequestedRegion': regions } },
  });
  return [
    statement(Sid, unique(actions.filter((action) => !isCertificates(action))), drRegion),
    statement(
      `${Sid}Certificates`,
      unique(actions.filter(isCertificates)),
      unique([drRegion, GLOBAL_REGION]),
    ),
  ];
}

/**
 * Creates what is mirrored of load balancing, topics, parameters and certificates, with our tag alone, and changes and removes what has
 * it.
 */
export function edgePolicy({ drRegion }: VaultPlace): Policy {
  const types = Object.values(EDGE_ACTIONS);
  const { whenMade, put, take } = TAG_ACTIONS;
  return policy(
    ...inRegions(
      'Make',
      drRegion,
      types.flatMap((type) => type.change),
      asOurs,
    ),
    {
      Sid: 'TagWhatIsMade',
      Effect: 'Allow',
      Action: whenMade,
      Resource: '*',
      Condition: { StringEquals: { 'elasticloadbalancing:CreateAction': 'CreateTargetGroup' }, ...asOurs },
    },
    // The other services have no condition that tells it: see docs/adr/0012.
    ...inRegions('TagWhatHasNoTag', drRegion, put, {
      Null: {
        ...asOurs.Null,
        [`aws:ResourceTag/${TAG.sourceId}`]: 'true',
        'aws:ResourceTag/Name': 'true',
      },
    }),
    ...inRegions(
      'ChangeAndRemoveOurs',
      drRegion,
      [...types.flatMap((type) => type.remove), whenMade, ...put, ...take],
      tagged(TAG.sourceId),
    ),
    {
      Sid: 'OursStaysOurs',
      Effect: 'Deny',
      Action: take,
      Resource: '*',
      Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': TAG.sourceId } },
    },
  );
}
