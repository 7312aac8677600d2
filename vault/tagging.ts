import { type Statement, tagged } from './policyDocument';

/** Whom and what a right to tag is for. Resources are ARNs. */
export interface Tagging {
  /** Our tag, by which policies tell what is ours. */
  readonly key: string;
  /** The role's actions. Those that create may give tags to what they make. */
  readonly creating: readonly string[];
  /** What may be made with tags. */
  readonly made: string | readonly string[];
  /** What may be tagged, and untagged, once it carries our tag. */
  readonly ours: readonly string[];
  /** What is there without any tag before it is tagged as ours. */
  readonly untagged: readonly string[];
}

/**
 * The right to tag. Whoever could tag anything as ours could change and remove anything, so it is for what is being made, and for what
 * carries our tag already, which nobody takes away again. What is not tagged as it is made can be told by no condition of AWS's from
 * another's: see docs/adr/0012-what-may-be-tagged-as-ours.md.
 */
export function tagging({ key, creating, made, ours, untagged }: Tagging): readonly Statement[] {
  return [
    {
      Sid: 'TagWhatIsMade',
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: made,
      Condition: {
        StringEquals: {
          'ec2:CreateAction': creating
            .filter((action) => /^ec2:(Authorize|Create|Import|Register|Run)/.test(action))
            .map((action) => action.slice('ec2:'.length)),
        },
      },
    },
    {
      Sid: 'TagOurs',
      Effect: 'Allow',
      Action: ['ec2:CreateTags', 'ec2:DeleteTags'],
      Resource: ours,
      // A DeleteTags that names no tag takes all of them away.
      Condition: { Null: { ...tagged(key).Null, 'aws:TagKeys': 'false' } },
    },
    {
      Sid: 'OursStaysOurs',
      Effect: 'Deny',
      Action: 'ec2:DeleteTags',
      Resource: '*',
      Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': key } },
    },
    {
      Sid: 'TagWhatHasNoTag',
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: untagged,
      Condition: {
        Null: {
          [`aws:RequestTag/${key}`]: 'false',
          [`aws:ResourceTag/${key}`]: 'true',
          // The one tag that people give to nearly all that is theirs.
          'aws:ResourceTag/Name': 'true',
        },
      },
    },
  ];
}
