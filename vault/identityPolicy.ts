import { TAG } from '../names';
import { IDENTITY_ACTIONS } from './identityActions';
import { mirroredArn, mirroredBoundaryArn, unique, type VaultPlace } from './place';
import { type Policy, policy, tagged } from './policyDocument';

/** What an action speaks of that is told by its path, and what by our tag or by nothing. */
const BY_PATH = ['role', 'user', 'group', 'policy', 'instance-profile'];
const PROVIDER = /Provider/;
const PASSWORDS = /AccountPasswordPolicy$/;
/** AWS asks these for the boundary that the principal has, or is to have. */
const BOUNDED =
  /:(Create(Role|User)|(Attach|Detach|Put|Delete)(Role|User)Policy|Put(Role|User)PermissionsBoundary)$/;

/**
 * Creates, changes and removes what is mirrored of IAM. AWS can tell a role's path in every right, at creation too; tags it cannot tell
 * from one who gives them, nor at all where a role is passed or a user put into a group. See docs/adr/0016.
 */
export function identityPolicy(place: VaultPlace): Policy {
  const actions = unique(
    Object.values(IDENTITY_ACTIONS).flatMap(({ change, remove }) => [...change, ...remove]),
  );
  const providers = actions.filter((action) => PROVIDER.test(action));
  const passwords = actions.filter((action) => PASSWORDS.test(action));
  const paths = actions.filter((action) => !PROVIDER.test(action) && !PASSWORDS.test(action));
  const mirrored = BY_PATH.map((type) => mirroredArn(place.drAccount, type));
  const base = `arn:aws:iam::${place.drAccount}`;
  const all = [`${base}:oidc-provider/*`, `${base}:saml-provider/*`];
  // They are told by nothing but a tag, and give it to what they make.
  const making = providers.filter((action) => /:(Create|Tag)/.test(action));
  return policy(
    {
      Sid: 'Bounded',
      Effect: 'Allow',
      Action: paths.filter((action) => BOUNDED.test(action)),
      Resource: mirrored,
      Condition: { StringEquals: { 'iam:PermissionsBoundary': mirroredBoundaryArn(place) } },
    },
    {
      Sid: 'UnderOurPath',
      Effect: 'Allow',
      Action: paths.filter((action) => !BOUNDED.test(action)),
      Resource: mirrored,
    },
    {
      // To profiles, and at a recovery to machines.
      Sid: 'PassToMachines',
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: mirroredArn(place.drAccount, 'role'),
      Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
    },
    {
      Sid: 'MakeProviders',
      Effect: 'Allow',
      Action: making,
      Resource: all,
      Condition: { Null: { [`aws:RequestTag/${TAG.sourceId}`]: 'false' } },
    },
    {
      Sid: 'ProvidersOfOurs',
      Effect: 'Allow',
      Action: unique([...providers.filter((action) => !action.includes(':Create'))]),
      Resource: all,
      Condition: tagged(TAG.sourceId),
    },
    {
      Sid: 'OursStaysOurs',
      Effect: 'Deny',
      Action: 'iam:Untag*',
      Resource: '*',
      Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': TAG.sourceId } },
    },
    { Sid: 'Passwords', Effect: 'Allow', Action: passwords, Resource: '*' },
  );
}
