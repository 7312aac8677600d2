import type { Distribution } from './distribution';

/** One of a distribution's behaviours, under AWS's names. The default one has the path `*`. */
export type Behavior = NonNullable<Distribution['config']['DefaultCacheBehavior']> & {
  readonly PathPattern?: string;
};

/** The behaviours of paths, as they are tried, and the default one last. */
export function behaviorsOf({ config }: Pick<Distribution, 'config'>): Behavior[] {
  const fallback = config.DefaultCacheBehavior;
  return [...(config.CacheBehaviors ?? []), ...(fallback ? [{ ...fallback, PathPattern: '*' }] : [])];
}

/** Accounts whose keys sign for a behaviour and that are not the source itself. */
export function outsideSigners({ TrustedSigners }: Behavior, source: string): string[] {
  return (TrustedSigners?.Items ?? []).filter((signer) => signer !== 'self' && signer !== source);
}

/** The last part of `arn:aws:cloudfront::111111111111:function/name` and of `origin-access-identity/cloudfront/E1`. */
export const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
