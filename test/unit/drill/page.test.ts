import { expect } from 'chai';
import { drillPage } from '../../../scripts/drill/page';
import { criticalPath, type DrillFacts, drillReport, isGoodDrill } from '../../../scripts/drill/report';
import { drillText } from '../../../scripts/drill/text';
import type { MachineReport, StepReport } from '../../../scripts/recover/drive';

const at = (minute: number, second = 0) => new Date(Date.UTC(2026, 0, 31, 4, minute, second)).toISOString();

const machine = (
  name: string,
  times: readonly number[],
  more: Partial<MachineReport> = {},
): MachineReport => ({
  id: `i-${name}`,
  name,
  wave: { chain: '', number: 1 },
  outcome: 'ready',
  instance: `i-of-${name}`,
  ...(times[0] !== undefined && { begun: at(times[0]) }),
  ...(times[1] !== undefined && { launched: at(times[1]) }),
  ...(times[2] !== undefined && { ready: at(times[2]) }),
  ...more,
});

const steps: StepReport[] = [
  {
    title: 'wave 1',
    begun: at(1),
    ended: at(6),
    machines: [machine('QUICK', [2, 3, 4]), machine('SLOW', [2, 3, 6])],
  },
  { title: 'wave 2', begun: at(6), ended: at(9), machines: [machine('WEB', [6, 7, 9])] },
];

function reportOf(more: Partial<DrillFacts> = {}, of: readonly StepReport[] = steps) {
  return drillReport({
    id: '20260131t040000-120',
    stack: 'dr',
    account: '222222222222',
    region: 'eu-central-1',
    begun: at(0),
    ended: at(12),
    cost: { vcpus: 4, gib: 40, usd: 1.5, assumptions: 'of all' },
    phases: [
      { title: 'schedule of its end', begun: at(0), ended: at(0, 5) },
      { title: 'recovery', begun: at(1), ended: at(9) },
      { title: 'destroy', begun: at(9), ended: at(11) },
      { title: 'sweep', begun: at(11), ended: at(12) },
    ],
    recovery: { begun: at(1), ended: at(9), steps: of, dns: 'off', failures: [] },
    steps: of,
    planned: [],
    stopped: undefined,
    swept: { found: [], left: [] },
    kept: undefined,
    ...more,
  });
}

describe('the report of a drill', () => {
  it('names the stack that the engine did not let go, and is no good one then', () => {
    const report = reportOf({ kept: 'stack dr-drill: exit code 255' });
    expect(report.left).to.deep.equal(['stack dr-drill: exit code 255']);
    expect(isGoodDrill(report)).to.equal(false);
    expect(isGoodDrill(reportOf())).to.equal(true);
  });

  it('measures from the first call to the last machine’s checks', () => {
    const report = reportOf();
    expect(report.recoverSeconds).to.equal(8 * 60);
    expect(isGoodDrill(report)).to.equal(true);
  });

  it('measures nothing where a machine did not come up, or it was stopped', () => {
    const failed = [{ ...steps[0], machines: [machine('SLOW', [2], { outcome: 'failed', problem: 'no' })] }];
    for (const report of [reportOf({}, failed as StepReport[]), reportOf({ stopped: 'by somebody' })]) {
      expect(report.recoverSeconds).to.equal(undefined);
      expect(isGoodDrill(report)).to.equal(false);
    }
  });

  it('is not good where something was left behind, and names it', () => {
    const vpc = { type: 'vpc', id: 'vpc-1', drill: 'x', isTagged: true } as const;
    const report = reportOf({ swept: { found: [vpc], left: [{ ...vpc, problem: 'in use' }] } });
    expect(report.left).to.deep.equal(['vpc vpc-1: in use']);
    expect(isGoodDrill(report)).to.equal(false);
    expect(drillText(report, [])).to.contain('npx lifeboat drill --sweep --stack dr');
  });

  it('has on its critical path of each wave the machine that was ready last, and what it stood on', () => {
    expect(criticalPath(steps).map(({ title, machine: of }) => of ?? title)).to.deep.equal([
      'the network',
      'SLOW',
      'SLOW',
      'WEB',
      'WEB',
    ]);
  });
});

describe("a drill's page", () => {
  it('needs nothing from elsewhere, and no script', () => {
    const page = drillPage(reportOf());
    expect(page).to.not.match(/<script|https?:|url\(|@import| src=| href=/i);
    expect(page).to.contain("default-src 'none'");
    expect(page).to.contain('All 3 machines came up: 8m to recover. Nothing was left behind.');
  });

  it('draws every machine, and outlines those on the critical path', () => {
    const page = drillPage(reportOf());
    for (const name of ['QUICK', 'SLOW', 'WEB']) expect(page).to.contain(`>${name}<title>`);
    expect(page.match(/class="path"/g)).to.have.length(2);
    expect(page.match(/<rect class="checks"/g)).to.have.length(3);
  });

  it('shows what did not come up, what failed beside, and what is left', () => {
    const of: StepReport[] = [
      {
        title: 'all',
        begun: at(1),
        ended: at(9),
        machines: [machine('DEAD', [2, 3], { outcome: 'failed', problem: 'the system is impaired' })],
      },
    ];
    const page = drillPage(
      reportOf({ recovery: { begun: at(1), ended: at(9), steps: of, dns: 'off', failures: ['vpc/1: no'] } }),
    );
    expect(page)
      .to.contain('0 of 1 machines came up')
      .and.contain('the system is impaired')
      .and.contain('vpc/1: no');
    expect(page).to.match(/<rect class="bad"/);
  });

  it('draws one that was stopped before its first wave was over', () => {
    expect(drillPage(reportOf({ recovery: undefined, steps: [], stopped: 'SIGTERM' }, []))).to.contain(
      'ended before its time: SIGTERM',
    );
  });

  it('takes nothing that the source calls its machines for markup', () => {
    const name = `<img src=x onerror="alert(1)">'&\u202e\u0000`;
    const of = [{ title: name, begun: at(1), ended: at(9), machines: [machine(name, [2, 3, 4])] }];
    const recovery = { begun: at(1), ended: at(9), steps: of, dns: 'off' as const, failures: [name] };
    const page = drillPage(reportOf({ stopped: name, recovery }));
    expect(page).to.not.contain('<img').and.not.contain('\u202e').and.not.contain('\u0000');
    expect(page).to.contain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;??');
  });
});
