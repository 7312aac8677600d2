import { TAG } from '../names';
import { CLOUDFRONT_ACTIONS } from './cloudfrontActions';
import { unique, type VaultPlace } from './place';
import { type Policy, policy, tagged } from './policyDocument';

const ours = tagged(TAG.sourceId);
const distributions = ({ drAccount }: Pick<VaultPlace, 'drAccount'>) =>
  `arn:aws:cloudfront::${drAccount}:distribution/*`;

/**
 * Creates, changes and removes what is mirrored of CloudFront. Of all that it has, policies can tell distributions alone by their tags, and
 * never by the call that makes one: docs/adr/0018-a-distribution-waits-without-its-names.md says what that leaves open.
 */
export function cloudfrontPolicy(place: VaultPlace): Policy {
  const types = Object.values(CLOUDFRONT_ACTIONS);
  const made = distributions(place);
  return policy(
    {
      Sid: 'Change',
      Effect: 'Allow',
      Action: unique(types.flatMap((type) => type.change)),
      Resource: '*',
    },
    {
      Sid: 'ChangeAndRemoveOurs',
      Effect: 'Allow',
      Action: unique(types.flatMap((type) => type.remove)),
      Resource: made,
      Condition: ours,
    },
    {
      // One that is being made has no tag yet, nor has one of somebody else's: CloudFront does not tell which it is.
      Sid: 'TagWhatIsMade',
      Effect: 'Allow',
      Action: 'cloudfront:TagResource',
      Resource: made,
      Condition: {
        Null: {
          [`aws:RequestTag/${TAG.sourceId}`]: 'false',
          [`aws:ResourceTag/${TAG.sourceId}`]: 'true',
          // The one tag that people give to nearly all that is theirs.
          'aws:ResourceTag/Name': 'true',
        },
      },
    },
    {
      Sid: 'TagOurs',
      Effect: 'Allow',
      Action: ['cloudfront:TagResource', 'cloudfront:UntagResource'],
      Resource: made,
      Condition: { Null: { ...ours.Null, 'aws:TagKeys': 'false' } },
    },
    {
      Sid: 'OursStaysOurs',
      Effect: 'Deny',
      Action: 'cloudfront:UntagResource',
      Resource: '*',
      Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': TAG.sourceId } },
    },
  );
}

/** What `lifeboat move-names` calls beside that, and nobody but the recover role. */
export function namesPolicy(place: Pick<VaultPlace, 'drAccount'>): Policy {
  return policy(
    {
      Sid: 'MoveNames',
      Effect: 'Allow',
      Action: ['cloudfront:ListDomainConflicts', 'cloudfront:UpdateDomainAssociation'],
      Resource: distributions(place),
      Condition: ours,
    },
    {
      Sid: 'FindCertificates',
      Effect: 'Allow',
      Action: ['acm:DescribeCertificate', 'acm:ListCertificates'],
      Resource: '*',
    },
  );
}
