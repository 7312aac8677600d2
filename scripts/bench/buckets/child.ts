import { performance } from 'node:perf_hooks';
import { Writable } from 'node:stream';
import { CopyObjectCommand, S3Client } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { CLIENT_DEFAULTS } from '../../../accounts';
import { listVersions } from '../../../buckets/listVersions';
// Here, so that loading it is not measured.
import '../../commands/copyBuckets';
import { processDeps } from '../../deps';
import { main } from '../../lifeboat';
import { DR_REGION, SOURCE } from '../copy/world';
import { DR_ACCOUNT, inDr } from './world';

/** What a child says on stdout, as JSON. */
export interface Said {
  /** Of the work alone, without the start of the process. */
  readonly ms: number;
}

const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });

/** One piece of work in a process of its own, so that its memory is its own: `child.ts copy|bare|list DIR BUCKET AT_ONCE`. */
async function run([way, dir = '', bucket = '', atOnce = '']: readonly string[]): Promise<Said> {
  const began = performance.now();
  if (way === 'copy') await copy(dir, bucket, atOnce);
  else if (way === 'bare') await bare(bucket, Number(atOnce));
  else await list(bucket);
  return { ms: performance.now() - began };
}

async function copy(dir: string, bucket: string, atOnce: string): Promise<void> {
  const argv = ['copy-buckets', '--dir', dir, '--bucket', bucket, '--at-once', atOnce, '--json'];
  const code = await main(argv, { ...processDeps(), stdout: nowhere() });
  if (code !== 0) throw new Error(`copy-buckets ended with ${code}`);
}

/** The least that copies at all: the source's list, and a copy of each line. It knows nothing of what is there, and writes nothing down. */
async function bare(bucket: string, atOnce: number): Promise<void> {
  const there = new S3Client({ ...CLIENT_DEFAULTS, region: SOURCE.region });
  const requestHandler = { httpAgent: { keepAlive: true, maxSockets: atOnce } };
  const here = new S3Client({ ...CLIENT_DEFAULTS, region: DR_REGION, requestHandler });
  const limit = pLimit(atOnce);
  const copies: Promise<unknown>[] = [];
  for await (const { key, versions } of listVersions({ s3: there, bucket, owner: SOURCE.account }))
    for (const { versionId } of versions) {
      const CopySource = `${bucket}/${key}?versionId=${versionId}`;
      const command = new CopyObjectCommand({ Bucket: inDr(bucket), Key: key, CopySource });
      copies.push(limit(() => here.send(command)));
    }
  await Promise.all(copies);
  there.destroy();
  here.destroy();
}

/** Both sides at the same time, each a page after the other: nobody can know sooner that there is nothing to do. */
async function list(bucket: string): Promise<void> {
  const sides = [
    { bucket, owner: SOURCE.account, region: SOURCE.region },
    { bucket: inDr(bucket), owner: DR_ACCOUNT, region: DR_REGION },
  ].map(async ({ bucket: name, owner, region }) => {
    const s3 = new S3Client({ ...CLIENT_DEFAULTS, region });
    for await (const _ of listVersions({ s3, bucket: name, owner }));
    s3.destroy();
  });
  await Promise.all(sides);
}

run(process.argv.slice(2)).then(
  (said) => process.stdout.write(JSON.stringify(said)),
  (error: unknown) => {
    process.stderr.write(`${(error as Error).stack}\n`);
    process.exitCode = 1;
  },
);
