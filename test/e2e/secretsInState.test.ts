import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  CreateLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { DR, powerCut, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];
const SECRET = 'password=hunter2-of-the-template';
const USER_DATA = Buffer.from(`#!/bin/sh\n${SECRET}\n`).toString('base64');
const LaunchTemplateName = 'web';

/** Where a run is cut: while the template is seen to, and right after the state was told of it. */
const CUTS = [
  /LaunchTemplate launch-template\S+ (creat|import)ing/,
  /LaunchTemplate launch-template\S+ (creat|import)ed/,
];

describe('user data, on the real engine and provider', function () {
  this.timeout(300_000);
  let stage: Stage;
  let run: Record<string, string>;

  before(async () => {
    stage = await Stage.open();
    await stage.ec2(SOURCE).send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName,
        LaunchTemplateData: { InstanceType: 't3.micro', UserData: USER_DATA },
      }),
    );
    await stage.up('vault');
    await stage.up('source', { env: stage.root(SOURCE) });
    await stage.emulator.config({ enforceIam: true });
    run = await stage.role('lifeboat-run');
    await stage.up('.', { env: run });
  });
  after(() => stage?.close());

  /** Everything that the state's backend has written: the state, its backups, the history with its checkpoints. */
  const written = () => {
    const found: string[] = [];
    const walk = (path: string) => {
      if (statSync(path).isDirectory()) for (const entry of readdirSync(path)) walk(join(path, entry));
      else found.push(path);
    };
    walk(join(stage.directory, 'state'));
    return found;
  };
  const expectHidden = () => {
    const files = written();
    expect(files.some((file) => file.includes('/history/'))).to.equal(true);
    const open = files.filter((file) => {
      const text = readFileSync(file, 'utf8');
      return text.includes(SECRET) || text.includes(USER_DATA);
    });
    expect(open).to.deep.equal([]);
  };
  const loseState = async () => {
    const lost = ['state', 'delete', '--all', '--force', '--yes', '--stack', 'dr'];
    succeeded(await stage.pulumi('.', lost, { env: run }));
  };
  /** Runs until the engine's words match, then ends it as a power cut would. */
  const cutAt = async (words: RegExp) => {
    await stage.emulator.config({ latencyMs: 300 });
    let child: ChildProcess | undefined;
    let output = '';
    const cut = await stage.pulumi('.', UP, {
      env: run,
      onStart: (started) => {
        child = started;
      },
      onOutput: (text) => {
        if (!words.test(output) && words.test(output + text))
          // Not while the state's file is being written: a file, unlike a bucket's object, is then half a file.
          void setTimeout(200).then(() => powerCut(child));
        output += text;
      },
    });
    expect(cut.code, output).to.equal(137);
    await stage.emulator.config({ latencyMs: 0 });
    // AWS finishes what it was asked before the power went.
    await setTimeout(1_000);
    succeeded(await stage.pulumi('.', ['cancel', '--yes', '--stack', 'dr'], { env: run }));
  };
  const expectMirrored = async () => {
    const ec2 = stage.ec2(DR);
    const { LaunchTemplates } = await ec2.send(new DescribeLaunchTemplatesCommand({}));
    expect(LaunchTemplates).to.have.length(1);
    const { LaunchTemplateVersions } = await ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName, Versions: ['$Default'] }),
    );
    expect(LaunchTemplateVersions?.[0]?.LaunchTemplateData).to.include({ UserData: USER_DATA });
  };

  it('is in no file of the state after a first run', expectHidden);

  it('is shown by no preview of a run that has lost its state', async () => {
    await loseState();
    const { stdout } = succeeded(
      await stage.pulumi('.', ['preview', '--diff', '--stack', 'dr'], { env: run }),
    );
    expect(stdout).to.contain('launch-template/').and.not.contain(USER_DATA).and.not.contain(SECRET);
  });

  it('is in none after a run that has lost its state, and the template is mirrored once', async () => {
    succeeded(await stage.pulumi('.', UP, { env: run }));
    expectHidden();
    await expectMirrored();
    succeeded(await stage.pulumi('.', [...UP, '--expect-no-changes'], { env: run }));
    succeeded(await stage.pulumi('.', ['refresh', '--yes', '--stack', 'dr'], { env: run }));
    expectHidden();
  });

  for (const words of CUTS)
    it(`is in none when such a run is killed at ${words.source}, nor after the next`, async () => {
      await loseState();
      await cutAt(words);
      expectHidden();
      succeeded(await stage.pulumi('.', UP, { env: run }));
      expectHidden();
      await expectMirrored();
      succeeded(await stage.pulumi('.', [...UP, '--expect-no-changes'], { env: run }));
    });
});
