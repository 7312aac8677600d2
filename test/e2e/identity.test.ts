import { IAMClient } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { DR, SOURCE, Stage } from '../../scripts/demo/stage';
import { allowStops } from './allowStops';
import { changeIdentity, makeIdentity, removeIdentity } from './subjects/identity';
import { PROVIDER, readIdentity, type Seen } from './subjects/identityReads';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];
const ROOT = { AWS: 'arn:aws:iam::222222222222:root' };
const ours = (resource: string) => `arn:aws:iam::222222222222:${resource}`;

describe('principals and their rights, on the real engine and provider', function () {
  this.timeout(600_000);
  let stage: Stage;
  let run: Record<string, string>;
  const iam = (side: typeof SOURCE | typeof DR) =>
    new IAMClient({ ...stage.client(side), region: 'us-east-1' });
  const inDr = () => readIdentity(iam(DR));

  before(async () => {
    stage = await Stage.open();
    await makeIdentity(iam(SOURCE));
    await stage.up('vault');
    await stage.up('source', { env: stage.root(SOURCE) });
    await stage.emulator.config({ enforceIam: true });
    run = await stage.role('lifeboat-run');
    expect((await stage.pulumi('.', ['stack', 'init', 'dr'], { env: run })).code).to.equal(0);
    await stage.config('guardShare', '100');
    await stage.config('trust', `${PROVIDER},arn:aws:iam::111111111111:saml-provider/corp`);
  });
  after(() => stage?.close());

  const runs = async (...args: string[]) => {
    const finished = await stage.pulumi('.', args, { env: run });
    expect(finished.code, finished.stdout + finished.stderr).to.equal(0);
    return finished.stdout;
  };
  let made: Record<string, Seen>;

  it('come under a path and a boundary of their own, and let nobody in from outside', async () => {
    await stage.up('.', { env: run });
    made = await inDr();
    expect(Object.keys(made)).to.deep.equal([
      'group/devs',
      `oidc/${PROVIDER}`,
      'passwords',
      'policy/ceiling',
      'policy/orders',
      'role/audit',
      'role/ci',
      'role/deploy',
      'role/limited',
      'role/web',
      'saml/corp',
      'user/ann',
    ]);
    const { web, deploy, audit, limited, ci } = Object.fromEntries(
      ['web', 'deploy', 'audit', 'limited', 'ci'].map((name) => [name, made[`role/${name}`] ?? {}]),
    );
    for (const principal of [web, deploy, audit, limited, ci, made['user/ann']]) {
      expect(principal?.boundary).to.equal(ours('policy/lifeboat-mirrored-boundary'));
      expect(principal?.path).to.match(/^\/lifeboat\//);
    }
    expect(web).to.deep.include({
      path: '/lifeboat/shop/',
      description: 'serves',
      maxSession: 7200,
      tags: { 'lifeboat:source-id': 'web', team: 'shop' },
      profiles: ['/lifeboat/shop/web'],
      attached: [ours('policy/lifeboat/shop/orders'), 'arn:aws:iam::aws:policy/ReadOnlyAccess'],
    });
    expect(JSON.stringify(web?.trust))
      .to.contain(ours('role/lifeboat/deploy'))
      .and.not.contain('111111111111');
    expect((deploy?.trust as { Statement: object[] }).Statement).to.deep.equal([
      {
        Effect: 'Allow',
        Principal: ROOT,
        Action: 'sts:AssumeRole',
        Condition: { ArnEquals: { 'aws:PrincipalArn': [ours('role/lifeboat/shop/web')] } },
      },
    ]);
    expect(JSON.stringify(audit?.trust)).to.contain('"Deny"').and.not.contain('333333333333');
    expect(JSON.stringify(ci?.trust)).to.contain(ours(`oidc-provider/${PROVIDER}`));
  });

  it('carry boundaries of the source over as denials, or come without any right', () => {
    const denial = { Effect: 'Deny', NotAction: ['dynamodb:*', 's3:*'], Resource: '*' };
    for (const name of ['role/deploy', 'user/ann']) {
      const { inline } = made[name] as { inline: Record<string, { Statement: unknown }> };
      expect(inline['lifeboat-source-boundary']?.Statement, name).to.deep.equal([denial]);
    }
    expect(made['role/limited']).to.deep.include({ inline: {}, attached: [] });
    expect(made['user/ann']).to.deep.include({ groups: ['devs'], path: '/lifeboat/people/' });
  });

  it('are the same in the next run, and after a refresh', async () => {
    await runs(...UP, '--expect-no-changes');
    await runs('preview', '--refresh', '--stack', 'dr', '--expect-no-changes');
  });

  it('follow changes there and back, once somebody has allowed what is dangerous', async () => {
    await changeIdentity(iam(SOURCE), 1);
    const stopped = await stage.pulumi('.', UP, { env: run });
    expect(stopped.code).to.not.equal(0);
    expect(stopped.stdout + stopped.stderr)
      .to.contain('iam-role/deploy')
      .and.contain('iam-saml-provider/corp')
      .and.contain('iam-password-policy')
      .and.not.contain('dynamodb:GetItem');
    await allowStops(stage, run);
    await runs(...UP);
    expect((await inDr())['user/ann']).to.deep.include({ path: '/lifeboat/staff/' });
    await changeIdentity(iam(SOURCE), 2);
    await allowStops(stage, run);
    await runs(...UP);
    await runs(...UP, '--expect-no-changes');
    await runs('preview', '--refresh', '--stack', 'dr', '--expect-no-changes');
  });

  it('are adopted when the state is lost', async () => {
    const before = await inDr();
    await runs('stack', 'rm', '--force', '--yes', '--preserve-config', '--stack', 'dr');
    await stage.up('.', { env: run });
    expect(await inDr()).to.deep.equal(before);
    await runs(...UP, '--expect-no-changes');
  });

  it('are held when they are gone, and go when that is wanted', async () => {
    const before = await inDr();
    await removeIdentity(iam(SOURCE));
    await allowStops(stage, run);
    await runs(...UP);
    expect(await inDr()).to.deep.equal(before);
    await stage.config('removals', 'follow');
    await allowStops(stage, run);
    await runs(...UP);
    expect(await inDr()).to.deep.equal({});
    await runs(...UP, '--expect-no-changes');
  });
});
