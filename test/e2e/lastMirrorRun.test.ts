import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { type Account, accountOf } from '../../accounts';
import { vaultNames } from '../../names';
import { DR, Stage, succeeded } from '../../scripts/demo/stage';
import { lastMirrorRun } from '../../scripts/status/lastMirrorRun';

const { stateBucket } = vaultNames(DR.account, DR.region);

describe('the last run of the mirror, by what the real engine writes into the state bucket', function () {
  this.timeout(600_000);
  let stage: Stage;
  let dr: Account;

  before(async () => {
    stage = await Stage.open();
    dr = accountOf(DR.account, DR.region, stage.client(DR));
    const { s3 } = dr;
    const where = { LocationConstraint: DR.region as 'eu-central-1' };
    await s3.send(new CreateBucketCommand({ Bucket: stateBucket, CreateBucketConfiguration: where }));
    mkdirSync(join(stage.directory, 'empty'));
    writeFileSync(
      join(stage.directory, 'empty/Pulumi.yaml'),
      'name: lifeboat\nruntime: nodejs\nmain: index.js\n',
    );
    program('');
    succeeded(await pulumi('stack', 'init', 'dr'));
  });
  after(() => stage?.close());

  const program = (text: string) => writeFileSync(join(stage.directory, 'empty/index.js'), text);
  const pulumi = (...args: string[]) =>
    stage.pulumi('empty', args, {
      env: { ...stage.root(DR), PULUMI_BACKEND_URL: `s3://${stateBucket}?region=${DR.region}` },
    });
  const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];

  it('is none before the first, and the newest update that succeeded, one that changed nothing too', async () => {
    expect(await lastMirrorRun(dr, 'dr')).to.equal(undefined);
    succeeded(await pulumi(...UP));
    const first = await lastMirrorRun(dr, 'dr');
    expect(Math.abs(Date.now() - Number(first))).to.be.below(60_000);
    // The engine counts in seconds.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    succeeded(await pulumi(...UP));
    const second = await lastMirrorRun(dr, 'organization/lifeboat/dr');
    expect(Number(second)).to.be.greaterThan(Number(first));

    program("throw new Error('stopped by the guard, say');");
    expect((await pulumi(...UP)).code).not.to.equal(0);
    program('');
    succeeded(await pulumi('refresh', '--yes', '--skip-preview', '--stack', 'dr'));
    expect(await lastMirrorRun(dr, 'dr')).to.deep.equal(second);
  });
});
