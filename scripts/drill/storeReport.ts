import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Account } from '../../accounts';
import { VAULT_KEY, vaultNames } from '../../names';
import { drillPage } from './page';
import type { DrillReport } from './report';

/**
 * Keeps the report of a drill in the vault, for programs and for people.
 *
 * @param directory where it is kept as well. Default: nowhere else
 * @returns where it is
 */
export async function storeReport(
  dr: Account,
  report: DrillReport,
  directory: string | undefined,
): Promise<string[]> {
  const forms = { json: `${JSON.stringify(report, null, 2)}\n`, html: drillPage(report) } as const;
  const places: string[] = [];
  if (directory !== undefined) {
    mkdirSync(directory, { recursive: true });
    for (const [form, text] of Object.entries(forms)) {
      const file = path.join(directory, `drill-${report.id}.${form}`);
      writeFileSync(file, text);
      places.push(file);
    }
  }
  const Bucket = vaultNames(dr.id, dr.region).inventoryBucket;
  for (const [form, ContentType] of [
    ['html', 'text/html; charset=utf-8'],
    // Last: whoever finds it finds the page too.
    ['json', 'application/json'],
  ] as const) {
    const Key = VAULT_KEY.drill(report.stack, report.id, form);
    await dr.s3.send(
      new PutObjectCommand({ Bucket, Key, Body: forms[form], ContentType, ExpectedBucketOwner: dr.id }),
    );
    places.push(`s3://${Bucket}/${Key}`);
  }
  return places;
}
