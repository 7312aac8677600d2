import { TAG, vaultNames } from '../../names';
import type { Settings } from '../../settings';

/** One step of the way home. */
export interface HomeStep {
  readonly title: string;
  /** Whose credentials it takes. */
  readonly who: string;
  /** Lines to be typed, in order. */
  readonly commands: readonly string[];
  /** `done` or `to do`, where the credentials at hand show it. */
  readonly state?: 'done' | 'to do';
}

/** Which stacks the steps are for. */
export interface StepsOf {
  /** The stack's that recovered. */
  readonly settings: Pick<Settings, 'sourceAccount' | 'sourceRegion' | 'drAccount' | 'drRegion'>;
  readonly stack: string;
  readonly home: string;
}

/** The steps by what can be looked at. */
export const STEP = { vault: 0, source: 1, claim: 4, mirror: 5, snapshots: 6 } as const;

/** The steps of the way home, in order; the runbook's chapter explains each. Pure. */
export function homeSteps({ settings, stack, home }: StepsOf): HomeStep[] {
  const atHome = `administrator of ${settings.sourceAccount}`;
  const inDr = `administrator of ${settings.drAccount}`;
  const runAtHome = `lifeboat-run of ${settings.sourceAccount}`;
  const recoverAtHome = `lifeboat-recover of ${settings.sourceAccount}`;
  const state = 'export PULUMI_BACKEND_URL=file://$HOME/.lifeboat PULUMI_CONFIG_PASSPHRASE=unused';
  const login = (account: string, region: string) =>
    `npm run pulumi -- login "s3://${vaultNames(account, region).stateBucket}?region=${region}"`;
  const vaultAtHome = `s3://${vaultNames(settings.sourceAccount, settings.sourceRegion).inventoryBucket}`;
  const pulumi = (line: string) => `npm run pulumi -- ${line} --stack ${home}`;
  const program = (name: string, line: string) => `npm run pulumi -- -C ${name} ${line}`;
  return [
    {
      title: 'A vault at home',
      who: atHome,
      commands: [state, program('vault', `stack init ${home}`), program('vault', `up --stack ${home}`)],
    },
    {
      title: 'A reader in DR, for a while, and a key that home may use',
      who: inDr,
      commands: [state, program('source', `stack init ${home}`), program('source', `up --stack ${home}`)],
    },
    {
      title: 'The tags of the machines in DR',
      who: inDr,
      commands: [`npx lifeboat tag-volumes --stack ${home}`],
    },
    {
      title: 'A backend at home',
      who: atHome,
      commands: ['unset PULUMI_BACKEND_URL PULUMI_CONFIG_PASSPHRASE', `npx lifeboat init --stack ${home}`],
    },
    {
      title: 'What survived is taken over',
      who: atHome,
      commands: [
        `npx lifeboat failback claim --dry-run --stack ${stack} --home ${home}`,
        `npx lifeboat failback claim --stack ${stack} --home ${home}`,
      ],
    },
    {
      title: 'The network at home',
      who: runAtHome,
      commands: [pulumi('preview'), pulumi('up')],
    },
    {
      title: 'The first snapshots: the machines run on',
      who: inDr,
      commands: [`npx lifeboat failback snapshots --stack ${stack} --home ${home}`],
    },
    { title: 'They are copied', who: runAtHome, commands: [`npx lifeboat copy-snapshots --stack ${home}`] },
    {
      title: 'The last snapshots: the machines in DR stop, and nothing serves until the next step has ended',
      who: inDr,
      commands: [`npx lifeboat failback snapshots --stop --stack ${stack} --home ${home}`],
    },
    {
      title: 'They are copied, and accepted',
      who: runAtHome,
      commands: [`npx lifeboat copy-snapshots --stack ${home}`, pulumi('up')],
    },
    {
      title: 'The machines come home',
      who: recoverAtHome,
      commands: [`npm run pulumi -- config set lifeboat:recover true --stack ${home}`, pulumi('up')],
    },
    {
      title: 'Names lead home, profiles are given back, and DR stands down',
      who: `lifeboat-recover of ${settings.drAccount}`,
      commands: [login(settings.drAccount, settings.drRegion), `npx lifeboat stand-down --stack ${stack}`],
    },
    {
      title: 'The way into DR is closed',
      who: inDr,
      commands: [state, program('source', `destroy --stack ${home}`)],
    },
    {
      title: 'Home forgets that it was recovered, and keeps all of it',
      who: atHome,
      commands: [
        'unset PULUMI_BACKEND_URL PULUMI_CONFIG_PASSPHRASE',
        login(settings.sourceAccount, settings.sourceRegion),
        `npm run pulumi -- stack rm --force --preserve-config --stack ${home}`,
        `aws s3 rm --recursive ${vaultAtHome}/recovery/${home}/`,
        `aws s3 rm ${vaultAtHome}/inventory/${home}.json`,
        `aws ec2 describe-instances --region ${settings.sourceRegion} --filters Name=tag-key,Values=${TAG.recoveryPoint} --query 'Reservations[].Instances[].InstanceId' --output text | xargs aws ec2 delete-tags --region ${settings.sourceRegion} --tags Key=${TAG.recoveryPoint} --resources`,
      ],
    },
  ];
}

/** Steps for people. */
export function stepsText(steps: readonly HomeStep[]): string {
  return steps
    .map(({ title, who, commands, state }, index) =>
      [
        `${index + 1}. ${title}${state ? `: ${state}` : ''}`,
        `   as ${who}`,
        ...commands.map((command) => `     ${command}`),
        '',
      ].join('\n'),
    )
    .join('');
}
