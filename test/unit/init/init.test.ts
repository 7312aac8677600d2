import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import type { Deps } from '../../../scripts/command';
import { main } from '../../../scripts/lifeboat';

const URL = 's3://lifeboat-state-222222222222-eu-central-1?region=eu-central-1';
const SECRETS = 'awskms://alias/lifeboat-secrets?region=eu-central-1';
const FILE = `config:
  pulumi:disable-default-providers:
    - aws
  lifeboat:sourceAccount: "111111111111"
  lifeboat:sourceRegion: eu-west-1
  lifeboat:drAccount: "222222222222"
  lifeboat:drRegion: eu-central-1
  lifeboat:externalId: an-external-id
`;
const INITIALISED = `${FILE}secretsprovider: ${SECRETS}\nencryptedkey: AAAA\n`;
const FLAGS = [
  ['--dr-region', 'eu-central-1'],
  ['--source-account', '111111111111'],
  ['--source-region', 'eu-west-1'],
  ['--external-id', 'an-external-id'],
].flat();

describe('lifeboat init', () => {
  const sts = mockClient(STSClient);
  const s3 = mockClient(S3Client);
  const kms = mockClient(KMSClient);
  let dir: string;
  let engine: string[];
  let stacks: string[];
  let asked: string[];

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'lifeboat-init-'));
    [engine, stacks, asked] = [[], [], []];
    for (const client of [sts, s3, kms]) client.reset();
    sts.on(GetCallerIdentityCommand).resolves({ Account: '222222222222' });
    s3.on(HeadBucketCommand).resolves({});
    kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { KeyId: 'one', KeyState: 'Enabled' } });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  after(() => {
    for (const client of [sts, s3, kms]) client.restore();
  });

  /** Runs the command with an engine that only writes down what it was asked. */
  async function init(
    args: readonly string[],
    { file, env = {}, answers }: { file?: string; env?: Deps['env']; answers?: Record<string, string> } = {},
  ): Promise<{ code: number; out: string; err: string }> {
    if (file !== undefined) writeFileSync(path.join(dir, 'Pulumi.dr.yaml'), file);
    const written = { out: '', err: '' };
    const deps: Deps = {
      stdout: { write: (text) => (written.out += text) },
      stderr: { write: (text) => (written.err += text) },
      isTerminal: false,
      canAsk: answers !== undefined,
      ask: async (question) => {
        asked.push(question);
        return Object.entries(answers ?? {}).find(([part]) => question.includes(part))?.[1] ?? '';
      },
      env: { PULUMI_HOME: dir, ...env },
      now: () => new Date(0),
      pulumi: async (command) => {
        engine.push(command.filter((word) => word !== '--non-interactive').join(' '));
        const stdout = command[1] === 'ls' ? JSON.stringify(stacks.map((name) => ({ name }))) : '';
        return { code: 0, stdout };
      },
    };
    return { code: await main(['init', '--dir', dir, ...args], deps), ...written };
  }

  function signedIn(): void {
    mkdirSync(dir, { recursive: true });
    writeFileSync(path.join(dir, 'credentials.json'), JSON.stringify({ current: URL }));
  }

  it('signs in, makes the stack and writes every setting', async () => {
    const { code, out, err } = await init(FLAGS);
    expect(err).not.to.include('next:');
    expect(code).to.equal(0);
    expect(engine).to.deep.equal([
      `login ${URL}`,
      'stack ls --json',
      `stack init dr --secrets-provider ${SECRETS}`,
      [
        'config set-all --stack dr',
        '--plaintext lifeboat:sourceAccount=111111111111',
        '--plaintext lifeboat:sourceRegion=eu-west-1',
        '--plaintext lifeboat:externalId=an-external-id',
        '--plaintext lifeboat:drAccount=222222222222',
        '--plaintext lifeboat:drRegion=eu-central-1',
      ].join(' '),
      'config set --stack dr --path pulumi:disable-default-providers[0] aws',
    ]);
    expect(out).to.include(URL).and.to.include('npm run pulumi -- preview --stack dr');
  });

  it('changes nothing when it is run again', async () => {
    signedIn();
    stacks = ['dr'];
    const { code, out } = await init(['--json'], { file: INITIALISED });
    expect(code).to.equal(0);
    expect(engine).to.deep.equal(['stack ls --json']);
    expect(JSON.parse(out)).to.deep.equal({
      account: '222222222222',
      region: 'eu-central-1',
      stack: 'dr',
      url: URL,
      secretsProvider: SECRETS,
      changed: [],
    });
    expect(readFileSync(path.join(dir, 'Pulumi.dr.yaml'), 'utf8')).to.equal(INITIALISED);
  });

  it('writes only what a flag changes', async () => {
    signedIn();
    stacks = ['dr'];
    await init(['--source-region', 'eu-north-1'], { file: INITIALISED });
    expect(engine.slice(1)).to.deep.equal([
      'config set-all --stack dr --plaintext lifeboat:sourceRegion=eu-north-1',
    ]);
  });

  it('asks only what it cannot find', async () => {
    const answers = {
      'account to be protected': '111111111111',
      'region to be protected': 'eu-west-1',
      external: 'an-external-id',
    };
    const { code } = await init(['--external-id', 'by-a-flag'], {
      env: { AWS_REGION: 'eu-central-1' },
      answers,
    });
    expect(code).to.equal(0);
    expect(asked).to.have.length(2);
    expect(engine.join('\n'))
      .to.include('lifeboat:externalId=by-a-flag')
      .and.to.include('sourceRegion=eu-west-1');
  });

  it('takes no source from an example that was written for another DR account', async () => {
    const example = FILE.replaceAll('222222222222', '333333333333');
    const env = { AWS_REGION: 'eu-central-1' };
    const { code, err } = await init(['--dr-account', '222222222222'], { file: example, env });
    expect(code).to.equal(1);
    expect(err).to.include('--source-account');
    expect(engine).to.deep.equal([]);
  });

  const regions: [what: string, account: string, args: string[], region: string][] = [
    ["another account's file", '333333333333', [], 'eu-north-1'],
    ["this account's file", '222222222222', [], 'eu-central-1'],
    ['a flag', '333333333333', ['--dr-region', 'eu-west-3'], 'eu-west-3'],
  ];
  for (const [what, account, args, region] of regions) {
    it(`takes the region ${region} with ${what} and another region in the environment`, async () => {
      const file = FILE.replaceAll('222222222222', account);
      const all = ['--dr-account', '222222222222', ...FLAGS.slice(2), ...args];
      const { code } = await init(all, { file, env: { AWS_REGION: 'eu-north-1' } });
      expect(code).to.equal(0);
      expect(engine[0]).to.equal(`login s3://lifeboat-state-222222222222-${region}?region=${region}`);
    });
  }

  it("takes no region from another account's file", async () => {
    const file = FILE.replaceAll('222222222222', '333333333333');
    const { code, err } = await init(['--dr-account', '222222222222', ...FLAGS.slice(2)], { file });
    expect(code).to.equal(1);
    expect(err).to.include('--dr-region');
  });

  const failures: [what: string, args: string[], file: string | undefined, message: string][] = [
    ['a missing value with nobody to ask', ['--dr-region', 'eu-central-1'], undefined, '--source-account'],
    ['a missing region', [], undefined, '--dr-region'],
    ['a region that is none', ['--dr-region', 'Frankfurt'], undefined, 'The setting drRegion is malformed'],
    ['a malformed flag', ['--source-account', '12'], FILE, 'npx lifeboat init --source-account 111111111111'],
    ['a source that is the DR account', ['--source-account', '222222222222'], FILE, 'are the same'],
    [
      'credentials of another account',
      [],
      FILE.replaceAll('222222222222', '333333333333'),
      '--dr-account 222222222222',
    ],
    ['a flag that says another account', ['--dr-account', '333333333333'], FILE, 'as --dr-account says'],
    ['an unknown setting', [], `${FILE}  lifeboat:rpo: "1"\n`, 'Unknown setting in stack config'],
    ['a setting that is a secret', [], FILE.replace('an-external-id', '\n    secure: AAAA'), 'no plain text'],
    ['a file that is no YAML', [], 'config: [', "The stack's file could not be read"],
    ['an unknown flag', ['--source', '111111111111'], FILE, '--source'],
    ['a stack under a passphrase', [], `${FILE}encryptionsalt: v1:AAAA\n`, 'change-secrets-provider'],
    [
      'a stack under another key',
      [],
      `${FILE}secretsprovider: awskms://alias/other\n`,
      'change-secrets-provider',
    ],
  ];
  for (const [what, args, file, message] of failures) {
    it(`refuses ${what}, and changes nothing`, async () => {
      signedIn();
      const { code, err } = await init(args, { file });
      expect(code).to.equal(1);
      expect(err).to.include(message).and.to.include('next:');
      expect(engine.filter((command) => command !== 'stack ls --json')).to.deep.equal([]);
    });
  }

  it('refuses a stack whose file has lost how its secrets are kept', async () => {
    signedIn();
    stacks = ['dr'];
    const { code, err } = await init([], { file: FILE });
    expect(code).to.equal(1);
    expect(err).to.include('secretsprovider and encryptedkey');
  });

  it('refuses an environment that leads past the vault', async () => {
    const { code, err } = await init(FLAGS, { env: { PULUMI_BACKEND_URL: 'file:///tmp' } });
    expect(code).to.equal(1);
    expect(err).to.include('unset PULUMI_BACKEND_URL');
    expect(engine).to.deep.equal([]);
  });

  const parts: [what: string, take: () => void][] = [
    ['a bucket', () => s3.on(HeadBucketCommand).rejects(new Error('NotFound'))],
    [
      'a key',
      () => kms.on(DescribeKeyCommand, { KeyId: 'alias/lifeboat-secrets' }).rejects(new Error('NotFound')),
    ],
    [
      'a key that works',
      () => kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { KeyId: 'one', KeyState: 'Disabled' } }),
    ],
  ];
  for (const [what, take] of parts) {
    it(`refuses a vault without ${what}, and names the command that makes one`, async () => {
      take();
      const { code, err } = await init(FLAGS);
      expect(code).to.equal(1);
      expect(err).to.include('npm run pulumi -- -C vault up');
      expect(engine).to.deep.equal([]);
    });
  }
});
