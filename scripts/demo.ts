import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { CreateTagsCommand, type EC2Client } from '@aws-sdk/client-ec2';
import prettyMs from 'pretty-ms';
import yargs from 'yargs';
import { LifeboatError } from '../errors';
import { WAVE_TAG } from '../inventory/waves';
import { progress } from '../toolchain/progress';
import { type Estate, makeEstate } from './demo/estate';
import { watchMachines } from './demo/machines';
import { robot } from './demo/robot';
import { destroyService, makeService, SERVICE } from './demo/service';
import { serviceInDr } from './demo/serviceInDr';
import { DR, type Finished, type Program, SOURCE, Stage, succeeded } from './demo/stage';
import { table } from './table';

/** How much faster than AWS's usual rate of 1 GiB/s the demo's copies go, so that they take seconds. */
const COPY_MIBPS = 8 * 1024;

/** How long a machine boots, in seconds, so that one sees the others wait for it. */
const BOOT_SECONDS = 5;

/** AWS's limit of the vCPUs of standard machines: a new account has five, and a drill asks for what it does not have. */
const VCPUS = 'L-1216C47A';

/** `npm run demo`: the main job as a story, on the emulator, from nothing. */
async function demo(keep: boolean): Promise<void> {
  const began = performance.now();
  const say = progress(process.stderr);
  console.log('Lifeboat: two emulated accounts, the real Pulumi engine and the real AWS provider.\n');
  const stage = await Stage.open({ progress: say });
  const log = createWriteStream(join(stage.directory, 'engine.log'));
  const engine = (title: string, work: (options: { onOutput(text: string): void }) => Promise<Finished>) =>
    chapter(title, async () => {
      const finished = await work({ onOutput: (text) => log.write(text) });
      return [finished, changes(finished.stdout)];
    });
  const up = (title: string, program: Program, env: Record<string, string>) =>
    engine(title, (options) => stage.up(program, { ...options, env }));
  const command = async (title: string, args: string[], env: Record<string, string>) => {
    console.log(`\n▸ ${title}`);
    succeeded(await stage.lifeboat(args, { env, show: true }));
  };

  try {
    await stage.emulator.config({ copyMiBps: COPY_MIBPS });
    const source = stage.ec2(SOURCE);
    const estate = await chapter(
      'An estate that no code describes: 2 VPCs, 4 subnets, 4 groups, 4 machines',
      async () => {
        const made = await makeEstate(source, stage.kms(SOURCE), SOURCE.account, DR.account);
        await setWaves(source, made);
        return [made, Object.keys(made.instances).join(', ')];
      },
    );
    const service = await chapter(
      'A service around it: a load balancer with its target group, a role of SHOP-APP, and images behind CloudFront',
      async () => [
        await makeService(stage.client(SOURCE), SOURCE.account, estate),
        Object.values(SERVICE).join(', '),
      ],
    );
    await up('vault/: keys, buckets and roles in the DR account', 'vault', stage.root(DR));
    await up('source/: a read-only way in, and a snapshot policy', 'source', stage.root(SOURCE));
    await command('tag-volumes: what each machine needs to be rebuilt', ['tag-volumes'], stage.root(SOURCE));
    await chapter('The nightly snapshot policy runs, and shares with DR', async () => {
      const runs = await stage.emulator.runDlm();
      const errors = runs.flatMap((run) => run.errors);
      if (errors.length > 0) throw new LifeboatError({ what: 'DLM could not share', got: errors.join('; ') });
      return [runs, `${runs.flatMap((run) => run.created).length} snapshots`];
    });
    const run = await stage.role('lifeboat-run');
    await up('pulumi up: the mirror of all that is free', '.', run);
    await command('copy-snapshots: the data, under the vault’s key', ['copy-snapshots'], run);
    await stage.emulator.config({ statusSeconds: BOOT_SECONDS, quotas: { [VCPUS]: 64 } });
    await command(
      'drill: the whole recovery, tried in a sealed network and removed again',
      ['drill', '--confirm', DR.account, '--poll-seconds', '1', '--report', reportsOf(stage)],
      await stage.role('lifeboat-recover'),
    );
    await chapter(
      'A robot with the source’s keys deletes everything, and the account is blocked',
      async () => {
        const deleted = (await destroyService(stage.client(SOURCE), service)) + (await robot(source));
        await stage.loseSource();
        return [
          deleted,
          `${deleted} objects gone; every call to ${SOURCE.account} and to ${SOURCE.region} fails from now on`,
        ];
      },
    );
    const machines = watchMachines(stage.ec2(DR), async () => new Date((await stage.emulator.state()).now));
    await command(
      'recover: the database first, then what asks it, each once the one before is ready',
      ['recover', '--confirm', DR.account, '--poll-seconds', '1'],
      await stage.role('lifeboat-recover'),
    );
    const rows = await machines.finish(Object.values(estate.instances));
    console.log(
      `\n${table(['name', 'in the source', 'in DR', 'address', 'disks', 'data from', 'to recover'], rows)}`,
    );
    console.log(
      table(
        ['made ahead', 'in the source', 'in DR', 'and there it'],
        await serviceInDr(stage.client(DR), DR.account),
      ),
    );
    console.log(`The whole story took ${prettyMs(performance.now() - began)}.`);
    lookAround(stage, keep);
    if (keep) await interrupted();
  } finally {
    log.end();
    await stage.close({ keep: true });
  }
}

/** Says in which order the shop comes up. FILES waits for none. */
async function setWaves(source: EC2Client, { instances }: Estate): Promise<void> {
  const waves = { 'SHOP-DB': 'shop/1', 'SHOP-APP': 'shop/2', 'SHOP-WEB': 'shop/3' };
  for (const [name, Value] of Object.entries(waves))
    await source.send(
      new CreateTagsCommand({ Resources: [instances[name] ?? ''], Tags: [{ Key: WAVE_TAG, Value }] }),
    );
}

/** Runs a step under its title, then says what came of it and how long it took. @returns what the step made */
async function chapter<T>(title: string, work: () => Promise<readonly [made: T, said: string]>): Promise<T> {
  const began = performance.now();
  console.log(`\n▸ ${title}`);
  const [made, said] = await work();
  console.log(`  ${said} (${prettyMs(performance.now() - began, { secondsDecimalDigits: 0 })})`);
  return made;
}

/** The engine's own count of what it did. */
function changes(output: string): string {
  const counts = [
    ...output.matchAll(/^ {4}([+~=-]*) ?(\d+ (?:created|updated|imported|deleted|unchanged))/gm),
  ];
  return counts.map(([, , count]) => count).join(', ') || 'done';
}

/** Where the drill leaves its page. */
const reportsOf = (stage: Stage) => join(stage.directory, 'reports');

function lookAround(stage: Stage, keep: boolean): void {
  console.log(`
The state lies in    ${join(stage.directory, 'state')}
The engine’s output  ${join(stage.directory, 'engine.log')}
The drill’s report   ${reportsOf(stage)}`);
  if (!keep) {
    console.log('The two accounts are gone. To look around in them: npm run demo -- --keep');
    return;
  }
  console.log(`The two accounts     ${stage.emulator.url}, until Ctrl-C

To look around, in another shell:
${Object.entries(stage.shell())
  .map(([key, value]) => `  export ${key}='${value}'`)
  .join('\n')}
  npm run pulumi -- stack --stack dr --cwd ${stage.directory}
  aws ec2 describe-instances
  npx lifeboat stand-down --dir ${stage.directory}`);
}

function interrupted(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
  });
}

const { keep } = yargs(process.argv.slice(2))
  .scriptName('npm run demo --')
  .usage(
    '$0 [--keep]\n\nThe main job as a story, on an emulated AWS, from nothing. Changes nothing outside of a temporary directory.',
  )
  .option('keep', {
    type: 'boolean',
    default: false,
    describe: 'leave the accounts and the state in place until Ctrl-C',
  })
  .strict()
  .parseSync();

demo(keep).catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof LifeboatError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
});
