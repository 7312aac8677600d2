import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { LifeboatError } from '../../../errors';
import type { Deps } from '../../../scripts/command';
import { main } from '../../../scripts/lifeboat';
import { readSettings } from '../../../scripts/stack';

async function run(...argv: string[]) {
  let stdout = '';
  let stderr = '';
  const unplanned = () => Promise.reject(new Error('unplanned'));
  const deps: Deps = {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    isTerminal: false,
    canAsk: false,
    ask: unplanned,
    env: {},
    now: () => new Date(0),
    pulumi: unplanned,
  };
  return { code: await main(argv, deps), stdout, stderr };
}

const NAMES = [
  'init',
  'tag-volumes',
  'copy-snapshots',
  'status',
  'preflight',
  'prune-snapshots',
  'guard',
  'inventory',
  'prune',
  'move-names',
  'stand-down',
];

describe('lifeboat', () => {
  it('lists its commands', async () => {
    const { code, stdout, stderr } = await run('--help');
    expect([code, stderr]).to.deep.equal([0, '']);
    for (const name of NAMES) expect(stdout).to.contain(`lifeboat ${name} `);
  });

  for (const name of NAMES) {
    it(`explains ${name} with examples`, async () => {
      const { code, stdout } = await run(name, '--help');
      expect(code).to.equal(0);
      expect(stdout)
        .to.match(new RegExp(`^lifeboat ${name}( [^:]*)?: `))
        .and.contain('Examples:')
        .and.contain(`npx lifeboat ${name}`);
    });
  }

  it('says its version', async () => {
    expect((await run('--version')).stdout).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  const wrong: [string[], string[]][] = [
    [[], ['because:  No command was given', 'one of init, tag-volumes', 'npx lifeboat --help']],
    [['copy'], ['got:      copy', 'next:     npx lifeboat --help']],
    [['copy-snapshot'], ['got:      lifeboat copy-snapshot', 'next:     npx lifeboat copy-snapshots']],
    [
      ['copy-snapshots', '--dri-run'],
      ['got:      --dri-run', 'npx lifeboat copy-snapshots --help'],
    ],
    [['copy-snapshots', 'now'], ['got:      now']],
    [['stand-down', '--confirm'], ['because:  Not enough arguments following: confirm']],
    [
      ['copy-snapshots', '--plan', '--submit'],
      ['The flags contradict each other', 'got:      --plan and --submit'],
    ],
    [
      ['copy-snapshots', '--submit', '--poll-seconds', '3'],
      ['contradict', 'got:      --poll-seconds with --submit'],
    ],
    [
      ['copy-snapshots', '--rate', '50'],
      ['contradict', 'got:      --rate without --plan', '--plan --rate 100'],
    ],
    [
      ['copy-snapshots', '--plan', '--rate', '0'],
      ['--rate is malformed', 'got:      0', 'a number above 0'],
    ],
    [
      ['copy-snapshots', '--most-gib', '1.5'],
      ['--most-gib is malformed', 'expected: a whole number from 1'],
    ],
    [
      ['copy-snapshots', '--most-snapshots', '0'],
      ['--most-snapshots is malformed', 'got:      0'],
    ],
    [
      ['copy-snapshots', '--poll-seconds', 'x'],
      ['--poll-seconds is malformed', 'expected: a number above 0'],
    ],
  ];
  for (const [argv, texts] of wrong) {
    it(`refuses "${['lifeboat', ...argv].join(' ')}"`, async () => {
      const { code, stdout, stderr } = await run(...argv);
      expect([code, stdout]).to.deep.equal([1, '']);
      for (const text of texts) expect(stderr).to.contain(text);
    });
  }
});

describe('readSettings', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'lifeboat-settings-'));
  after(() => rmSync(dir, { recursive: true }));
  const good = [
    'config:',
    '  pulumi:disable-default-providers:',
    '    - aws',
    '  lifeboat:sourceAccount: 011111111111',
    '  lifeboat:sourceRegion: eu-west-1',
    '  lifeboat:drAccount: "222222222222"',
    '  lifeboat:drRegion: eu-central-1',
    '  lifeboat:externalId: an-example-external-id',
    '  lifeboat:recover: true',
  ].join('\n');
  const read = (text: string) => {
    writeFileSync(path.join(dir, 'Pulumi.dr.yaml'), text);
    return readSettings({ dir, stack: 'org/lifeboat/dr' });
  };
  const refusal = (text: string) => {
    try {
      read(text);
    } catch (error) {
      expect(error).to.be.instanceOf(LifeboatError);
      return String(error);
    }
    throw new Error('nothing was refused');
  };

  it('reads a stack file, an account id that begins with 0 too', () => {
    expect(read(good)).to.include({ sourceAccount: '011111111111', drRegion: 'eu-central-1', recover: true });
  });

  it('refuses a secret, which only the engine can read', () => {
    expect(refusal(`${good}\n  lifeboat:sourceRole:\n    secure: v1:abc`))
      .to.contain('is a secret')
      .and.contain('npx lifeboat init');
  });

  it('refuses lists, other documents and broken YAML', () => {
    expect(refusal(`${good}\n  lifeboat:zones: [a]`)).to.contain('The setting lifeboat:zones is malformed');
    expect(refusal('encryptionsalt: v1')).to.contain('There are no settings in');
    expect(refusal('')).to.contain('There are no settings in');
    expect(refusal('config: [')).to.contain('could not be read').and.contain('npx lifeboat init');
  });
});
