import { atRecoveryPolicy } from '../../../vault/atRecoveryPolicy';
import { boundaryPolicy } from '../../../vault/boundary';
import { copyBucketsPolicy } from '../../../vault/copyBucketsPolicy';
import { copyPolicy } from '../../../vault/copyPolicy';
import { roleArns, type VaultPlace } from '../../../vault/place';
import {
  LOOK_UP_POLICIES,
  MIRROR_POLICIES,
  previewPolicy,
  recoverPolicy,
  runPolicy,
} from '../../../vault/policies';
import type { Policy } from '../../../vault/policyDocument';
import { recoverCommandsPolicy } from '../../../vault/recoverCommands';
import { may, type Request, type Rights } from './evaluate';

/** The emulator's two accounts. */
export const PLACE: VaultPlace = {
  drAccount: '222222222222',
  drRegion: 'eu-central-1',
  sourceAccount: '111111111111',
  sourceRegion: 'eu-west-1',
  sourceRole: 'arn:aws:iam::111111111111:role/lifeboat-reader',
};

const boundary = boundaryPolicy(PLACE);
const lookUps = Object.values(LOOK_UP_POLICIES).map((document) => document());
const mirror = Object.values(MIRROR_POLICIES).map((document) => document(PLACE));
const shared = [...lookUps, ...mirror, copyPolicy(PLACE)];

/** What the vault gives each role. */
export const RIGHTS = {
  preview: { boundary, policies: [...lookUps, previewPolicy(PLACE)] },
  run: { boundary, policies: [...shared, copyBucketsPolicy(PLACE), runPolicy(PLACE)] },
  recover: {
    boundary,
    policies: [...shared, recoverPolicy(PLACE), atRecoveryPolicy(PLACE), recoverCommandsPolicy(PLACE)],
  },
} satisfies Record<string, Rights>;

const EVERYTHING: Policy = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'All', Effect: 'Allow', Action: '*', Resource: '*' }],
};

/** Whether a principal under the boundary could do something if its policies allowed everything. */
export function boundedMay(principal: string, request: Request): boolean {
  const context = { 'aws:PrincipalArn': principal, ...request.context };
  return may({ policies: [EVERYTHING], boundary }, { ...request, context });
}

/** One of the three. */
export type Role = keyof typeof RIGHTS;

/** Whether a role may do something in the DR region. */
export function roleMay(role: Role, request: Request): boolean {
  const context = { 'aws:PrincipalArn': roleArns(PLACE)[role], 'aws:RequestedRegion': PLACE.drRegion };
  return may(RIGHTS[role], { ...request, context: { ...context, ...request.context } });
}
