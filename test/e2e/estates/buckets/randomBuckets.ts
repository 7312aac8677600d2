import type { CORSRule, WebsiteConfiguration } from '@aws-sdk/client-s3';
import { SOURCE } from '../../../../scripts/demo/stage';
import type { Random } from '../random';
import { randomTags } from '../randomTags';

/** A bucket as data, with all that people set one up with. Undefined where they do not. */
export interface RandomBucket {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly versioning?: 'Enabled' | 'Suspended';
  readonly ownership: 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter';
  /** Whether its public access block is taken off. */
  readonly isOpen: boolean;
  readonly cors?: readonly CORSRule[];
  readonly website?: WebsiteConfiguration;
  /** Statements of its policy. */
  readonly policy?: readonly Statement[];
  /** Days until what it holds expires. */
  readonly expiryDays?: number;
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: unknown;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'];

/**
 * One bucket of an estate.
 *
 * @param name lower case, and nobody's yet
 */
export function randomBucket(random: Random, name: string): RandomBucket {
  return {
    name,
    tags: randomTags(random, name),
    ...(random.chance(0.6) && { versioning: random.pick(['Enabled', 'Suspended']) }),
    ownership: random.pick(['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter']),
    isOpen: random.chance(0.3),
    ...(random.chance(0.6) && { cors: [randomCors(random)] }),
    ...(random.chance(0.5) && { website: randomWebsite(random) }),
    ...(random.chance(0.8) && { policy: randomPolicy(random, name) }),
    ...(random.chance(0.5) && { expiryDays: random.int(1, 400) }),
  };
}

function randomCors(random: Random): CORSRule {
  return {
    ...(random.chance() && { ID: `rule ${random.int(1, 9)}` }),
    AllowedMethods: random.some(METHODS, 1, 3),
    AllowedOrigins: random.some(
      ['https://www.example.com', 'https://*.example.com', 'http://localhost:8080'],
      1,
      2,
    ),
    ...(random.chance() && { AllowedHeaders: ['*'] }),
    ...(random.chance() && { ExposeHeaders: ['ETag', 'x-amz-request-id'] }),
    MaxAgeSeconds: random.int(1, 86_400),
  };
}

function randomWebsite(random: Random): WebsiteConfiguration {
  if (random.chance(0.2))
    return {
      RedirectAllRequestsTo: { HostName: 'www.example.com', Protocol: random.pick(['http', 'https']) },
    };
  return {
    IndexDocument: { Suffix: random.pick(['index.html', 'start.htm']) },
    ...(random.chance() && { ErrorDocument: { Key: 'errors/404.html' } }),
    ...(random.chance() && {
      RoutingRules: [
        {
          Condition: { KeyPrefixEquals: 'old/' },
          Redirect: { ReplaceKeyPrefixWith: `new-${random.int(1, 9)}/`, HttpRedirectCode: '302' },
        },
      ],
    }),
  };
}

/** Statements for the account itself, for a service of it, and now and then for somebody outside. */
export function randomPolicy(random: Random, name: string): Statement[] {
  const objects = `arn:aws:s3:::${name}/*`;
  const own = `arn:aws:iam::${SOURCE.account}:root`;
  return [
    {
      Effect: 'Allow',
      Principal: { AWS: own },
      Action: random.some(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], 1, 3),
      Resource: random.pick([objects, [`arn:aws:s3:::${name}/a/*`, `arn:aws:s3:::${name}/b/*`]]),
    },
    ...(random.chance()
      ? [
          {
            Effect: 'Allow' as const,
            Principal: { Service: ['cloudtrail.amazonaws.com'] },
            Action: 's3:PutObject',
            Resource: objects,
            Condition: { StringEquals: { 'aws:SourceAccount': SOURCE.account } },
          },
        ]
      : []),
    ...(random.chance(0.4)
      ? [
          {
            Effect: 'Allow' as const,
            Principal: { AWS: 'arn:aws:iam::333333333333:root' },
            Action: 's3:*',
            Resource: objects,
          },
        ]
      : []),
    ...(random.chance()
      ? [
          {
            Effect: 'Deny' as const,
            Principal: '*',
            Action: 's3:*',
            Resource: objects,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ]
      : []),
  ];
}
