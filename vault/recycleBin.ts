import type { KMSClient } from '@aws-sdk/client-kms';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { LifeboatError } from '../errors';

/** By which our retention rule is known: AWS gives rules ids, and no names. */
export const RULE_DESCRIPTION = 'Lifeboat: copies and final snapshots that were deleted';

interface RulesPage {
  readonly Rules?: readonly { readonly Identifier?: string; readonly Description?: string }[];
  readonly NextToken?: string;
}

/**
 * Our retention rule of the Recycle Bin. Asked for by hand, because that service's client for JavaScript is not
 * kept up to date everywhere that packages come from, and this is the one call of it.
 *
 * @param kms a client whose region and credentials are used
 * @returns its id; undefined when it is not there
 * @throws LifeboatError when AWS refuses the question, and when there are several
 */
export async function existingRetentionRule(kms: KMSClient): Promise<string | undefined> {
  const ours: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await listRules(kms, NextToken);
    for (const { Identifier, Description } of page.Rules ?? [])
      if (Identifier !== undefined && Description === RULE_DESCRIPTION) ours.push(Identifier);
    NextToken = page.NextToken;
  } while (NextToken);
  if (ours.length > 1) {
    throw new LifeboatError({
      what: 'There are several retention rules of Lifeboat in the Recycle Bin',
      got: ours.join(', '),
      expected: 'one',
      next: 'aws rbin delete-rule --identifier <all but one>',
    });
  }
  return ours[0];
}

async function listRules({ config }: KMSClient, NextToken?: string): Promise<RulesPage> {
  const region = await config.region();
  const url = new URL(process.env.AWS_ENDPOINT_URL ?? `https://rbin.${region}.amazonaws.com`);
  const request = new HttpRequest({
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port !== '' && { port: Number(url.port) }),
    method: 'POST',
    path: '/list-rules',
    headers: { host: url.host, 'content-type': 'application/json' },
    body: JSON.stringify({ ResourceType: 'EBS_SNAPSHOT', ...(NextToken !== undefined && { NextToken }) }),
  });
  const signer = new SignatureV4({
    service: 'rbin',
    region,
    credentials: config.credentials,
    sha256: config.sha256,
  });
  const { method, headers, body } = await signer.sign(request);
  const answer = await fetch(new URL('/list-rules', url), { method, headers, body });
  if (!answer.ok) {
    throw new LifeboatError({
      what: 'The rules of the Recycle Bin could not be listed',
      got: `HTTP ${answer.status} ${await answer.text()}`,
      expected: 'rbin:ListRules allowed to the administrator who runs vault/',
      next: `aws rbin list-rules --resource-type EBS_SNAPSHOT --region ${region}`,
    });
  }
  return (await answer.json()) as RulesPage;
}
