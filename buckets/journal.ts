import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import { VAULT_KEY } from '../names';
import type { KeyLineage, Pair, Planned } from './lineage';
import { mergeKeys } from './mergeKeys';
import { compareKeys } from './objectVersion';

const [pack, unpack] = [promisify(gzip), promisify(gunzip)];

const entry = z.object({ key: z.string(), source: z.string(), time: z.iso.datetime(), size: z.number() });
const pair = entry.extend({ dr: z.string() });
const pageSchema = z.object({
  format: z.literal('lifeboat-bucket-lineage'),
  version: z.literal(1),
  planned: z.array(entry),
  pairs: z.array(pair),
});
const endSchema = z.object({ absorbed: z.array(z.string()) });

/** What one object of the journal holds. */
interface Page {
  /** What was about to be copied when it was written. */
  readonly planned: readonly Omit<Pair, 'dr'>[];
  readonly pairs: readonly Pair[];
}

/** The objects of one window of one run: the keys of a window come behind those of the window before. */
interface Window {
  readonly planned: Map<string, Date>;
  readonly copied: Set<string>;
}

/** Journals of more objects than this are written together into one by the next run. */
const MOST_OBJECTS = 400;
/** Pairs in an object of a journal that is written together. */
const PAGE = 5_000;

/**
 * What is known of the lineage of one bucket: objects in the vault's bucket, written once and never again. Before copies are made, a page
 * says which; after, a page says what has come of them. So a run that was killed at any point is understood by the next.
 */
export class Journal {
  readonly run = `${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}-${randomBytes(4).toString('hex')}`;
  #kept: Pair[] = [];
  #keptPages = 0;

  private constructor(
    private readonly dr: Pick<Account, 'id' | 's3'>,
    private readonly vaultBucket: string,
    private readonly sourceBucket: string,
    private readonly runs: ReadonlyMap<string, ReadonlyMap<string, Window>>,
    private readonly bases: ReadonlyMap<string, readonly string[]>,
    /** How many objects there are to be read. */
    readonly objects: number,
  ) {}

  /**
   * Lists what is there of a bucket.
   *
   * @throws LifeboatError when it cannot be had: without it everything would be copied again
   */
  static async open(
    dr: Pick<Account, 'id' | 's3'>,
    vaultBucket: string,
    sourceBucket: string,
  ): Promise<Journal> {
    const runs = new Map<string, Map<string, Window>>();
    const bases = new Map<string, string[]>();
    const ends: string[] = [];
    const Prefix = VAULT_KEY.lineagePrefix(sourceBucket);
    try {
      const pages = paginateListObjectsV2(
        { client: dr.s3 },
        { Bucket: vaultBucket, Prefix, ExpectedBucketOwner: dr.id },
      );
      for await (const { Contents = [] } of pages)
        for (const { Key = '', LastModified = new Date(0) } of Contents) {
          const [run = '', name = ''] = Key.slice(Prefix.length).split('/');
          const [, window = '', part = ''] = /^(\d+)\.\d+-(planned|copied)\.json\.gz$/.exec(name) ?? [];
          if (name === 'end.json.gz') ends.push(run);
          else if (/^base-\d+\.json\.gz$/.test(name)) bases.set(run, [...(bases.get(run) ?? []), Key]);
          else if (window !== '') note(runs, run, window, part, Key, LastModified);
        }
      // Only what was written together to its end stands for what it was written from.
      for (const run of bases.keys()) if (!ends.includes(run)) bases.delete(run);
      for (const run of ends) {
        const { absorbed } = endSchema.parse(await get(dr, vaultBucket, `${Prefix}${run}/end.json.gz`));
        for (const gone of absorbed) {
          bases.delete(gone);
          // A run that wrote others together has copied too: those pages are its own until they are absorbed in turn.
          runs.delete(gone);
        }
      }
    } catch (cause) {
      throw new LifeboatError({
        what: `What was copied of ${sourceBucket} before could not be read, so nothing is copied now`,
        expected: `the right to list and read s3://${vaultBucket}/${Prefix}`,
        next: 'check the role that runs copy-buckets, then run it again',
        cause,
      });
    }
    const windows = [...runs.values()].flatMap((run) => [...run.values()]);
    const objects =
      windows.reduce((sum, { planned, copied }) => sum + planned.size + copied.size, 0) +
      [...bases.values()].flat().length;
    return new Journal(dr, vaultBucket, sourceBucket, runs, bases, objects);
  }

  /** Everything that is written down, in the order of the keys; a window of each run is held at a time. */
  async *read(): AsyncGenerator<KeyLineage> {
    const streams = [
      ...[...this.runs.values()].map((windows) => this.#run(windows)),
      ...[...this.bases.values()].map((keys) => this.#base(keys)),
    ];
    for await (const { key, items } of mergeKeys(streams)) {
      const pairs = items.flatMap((item) => item?.pairs ?? []);
      yield { key, pairs, planned: items.flatMap((item) => item?.planned ?? []) };
    }
  }

  /** Whether this run should write everything together, with `keep` and `end`. */
  get isLong(): boolean {
    return this.objects > MOST_OBJECTS;
  }

  /**
   * Writes down what is about to be copied, and what was found out of earlier runs.
   *
   * @param window counts up; its keys come behind those of the window before
   */
  planned(window: number, round: number, planned: Page['planned'], pairs: readonly Pair[]): Promise<void> {
    return this.#put(pageName(window, round, 'planned'), { planned, pairs });
  }

  /** Writes down what has come of it. What is not in it was not copied. */
  copied(window: number, round: number, pairs: readonly Pair[]): Promise<void> {
    return this.#put(pageName(window, round, 'copied'), { planned: [], pairs });
  }

  /** Keeps what `read` gave, in its order, for a journal that is written together. */
  async keep(pairs: readonly Pair[]): Promise<void> {
    this.#kept.push(...pairs);
    if (this.#kept.length >= PAGE) await this.#flush();
  }

  /** Ends what `keep` was given: from now on it stands for all that was there when this journal was opened. */
  async end(): Promise<void> {
    await this.#flush();
    const absorbed = [...new Set([...this.runs.keys(), ...this.bases.keys()])];
    await this.#put('end.json.gz', { absorbed });
  }

  async #flush(): Promise<void> {
    const pairs = this.#kept;
    this.#kept = [];
    this.#keptPages += 1;
    await this.#put(`base-${String(this.#keptPages).padStart(6, '0')}.json.gz`, { planned: [], pairs });
  }

  async *#run(windows: ReadonlyMap<string, Window>): AsyncGenerator<KeyLineage> {
    for (const name of [...windows.keys()].sort()) {
      const { planned, copied } = windows.get(name) ?? { planned: new Map(), copied: new Set() };
      const found = new Map<string, { key: string; pairs: Pair[]; planned: Planned[] }>();
      const of = (key: string) => {
        const lineage = found.get(key) ?? { key, pairs: [], planned: [] };
        found.set(key, lineage);
        return lineage;
      };
      const ends = await Promise.all([...copied].map((key) => this.#page(key)));
      const begins = await Promise.all(
        [...planned].map(async ([key, at]) => ({
          page: await this.#page(key),
          at,
          isOpen: !copied.has(key.replace(/planned(?=\.json\.gz$)/, 'copied')),
        })),
      );
      for (const { pairs } of [...ends, ...begins.map(({ page }) => page)])
        for (const one of pairs) of(one.key).pairs.push(one);
      for (const { page, at, isOpen } of begins)
        for (const one of isOpen ? page.planned : []) of(one.key).planned.push({ ...one, at });
      yield* [...found.values()].sort((a, b) => compareKeys(a.key, b.key));
    }
  }

  async *#base(keys: readonly string[]): AsyncGenerator<KeyLineage> {
    let open: { key: string; pairs: Pair[]; planned: [] } | undefined;
    for (const object of [...keys].sort())
      for (const one of (await this.#page(object)).pairs) {
        if (open?.key !== one.key) {
          if (open) yield open;
          open = { key: one.key, pairs: [], planned: [] };
        }
        open.pairs.push(one);
      }
    if (open) yield open;
  }

  async #page(key: string): Promise<Page> {
    return pageSchema.parse(await get(this.dr, this.vaultBucket, key));
  }

  async #put(name: string, content: object): Promise<void> {
    const Key = `${VAULT_KEY.lineagePrefix(this.sourceBucket)}${this.run}/${name}`;
    const page = { format: 'lifeboat-bucket-lineage', version: 1, ...content };
    await this.dr.s3
      .send(
        new PutObjectCommand({
          Bucket: this.vaultBucket,
          Key,
          Body: await pack(JSON.stringify(page)),
          ContentType: 'application/json',
          ContentEncoding: 'gzip',
          ExpectedBucketOwner: this.dr.id,
          IfNoneMatch: '*',
        }),
      )
      .catch((cause: unknown) => {
        // The answer to an earlier try of the same call was lost: nobody else has this run's name.
        const status = (cause as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
        if (status === 412) return;
        throw new LifeboatError({
          what: `What is copied of ${this.sourceBucket} could not be written down, so the run stops`,
          expected: `the right to put s3://${this.vaultBucket}/${Key}, and credentials that are valid`,
          next: 'the same command again: it goes on where this one stopped',
          cause,
        });
      });
  }
}

function pageName(window: number, round: number, part: 'planned' | 'copied'): string {
  return `${String(window).padStart(6, '0')}.${String(round).padStart(6, '0')}-${part}.json.gz`;
}

function note(
  runs: Map<string, Map<string, Window>>,
  run: string,
  name: string,
  part: string,
  key: string,
  at: Date,
): void {
  const windows = runs.get(run) ?? new Map<string, Window>();
  runs.set(run, windows);
  const window = windows.get(name) ?? { planned: new Map<string, Date>(), copied: new Set<string>() };
  windows.set(name, window);
  if (part === 'planned') window.planned.set(key, at);
  else window.copied.add(key);
}

async function get(dr: Pick<Account, 'id' | 's3'>, Bucket: string, Key: string): Promise<unknown> {
  const { Body } = await dr.s3.send(new GetObjectCommand({ Bucket, Key, ExpectedBucketOwner: dr.id }));
  return JSON.parse((await unpack((await Body?.transformToByteArray()) ?? new Uint8Array())).toString());
}
