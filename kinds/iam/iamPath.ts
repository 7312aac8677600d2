import { MIRROR_PATH } from '../../names';

/** AWS's limit of characters of a path. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAX_PATH = 512;

/** What IAM keeps under paths. */
const WITH_PATH = /^(role|user|group|policy|instance-profile)\/(?=.)/;
/** Roles that AWS makes, in every account under the same path. */
const OF_AWS = /^role\/aws-(service-role|reserved)\//;

/** The last part of an ARN of IAM, with the path under which DR has its mirror: `role/lifeboat/app` for `role/app`. Pure. */
export function inMirrorPath(resource: string): string {
  return OF_AWS.test(resource) ? resource : resource.replace(WITH_PATH, `$1${MIRROR_PATH}/`);
}

/** The path in DR of what has this one in the source. */
export const pathInDr = (path: string): string => MIRROR_PATH + path;

/** The path in the source of what has this one in DR; undefined where it is not the mirror's. */
export function pathOfSource(path: string): string | undefined {
  return path.startsWith(`${MIRROR_PATH}/`) ? path.slice(MIRROR_PATH.length) : undefined;
}

/**
 * Why nothing is made in DR of what has this name and path: it is AWS's or Lifeboat's own, or there is no room for the mirror's path.
 * Undefined when it is mirrored.
 */
export function notMirrored({
  id,
  path,
}: {
  readonly id: string;
  readonly path: string;
}): string | undefined {
  if (path.startsWith('/aws-service-role/')) return 'made by AWS for the service that uses it';
  if (path.startsWith('/aws-reserved/')) return 'made by IAM Identity Center';
  if (id.startsWith('lifeboat-') || pathOfSource(path) !== undefined) return "Lifeboat's own, or says so";
  if (pathInDr(path).length > MAX_PATH)
    return `under a path that leaves no room for ${MIRROR_PATH} before it: AWS allows ${MAX_PATH} characters`;
  return undefined;
}
