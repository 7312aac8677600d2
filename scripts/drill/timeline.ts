import { escaped } from './escaped';
import type { DrillMachine, DrillReport } from './report';
import { duration } from './text';

/** Sizes in the units of the picture, which is as wide as its place. */
const [WIDTH, NAMES, RIGHT, ROW, TOP] = [1040, 220, 24, 26, 34] as const;
/** Distances between two marks of the axis, in seconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];
const MOST_MARKS = 9;
/** What is drawn of the names, in characters. */
const MOST_NAME = 25;

interface Bar {
  readonly from: string;
  readonly to: string;
  readonly look: 'engine' | 'launch' | 'checks' | 'bad';
  readonly title: string;
}

interface Row {
  readonly name: string;
  readonly isGroup: boolean;
  readonly bars: readonly Bar[];
}

/** What a drill did when, as SVG: phases, waves, machines, and what of it the time to recover was spent on. Pure. */
export function timeline(report: DrillReport): string {
  const rows = rowsOf(report);
  const [start, end] = [Date.parse(report.begun), Date.parse(report.ended)];
  const seconds = Math.max(1, (end - start) / 1000);
  const x = (time: string | number) => {
    const at = (typeof time === 'number' ? time : (Date.parse(time) - start) / 1000) / seconds;
    return NAMES + Math.min(1, Math.max(0, at)) * (WIDTH - NAMES - RIGHT);
  };
  const height = TOP + rows.length * ROW + 12;
  const step = STEPS.find((each) => seconds / each <= MOST_MARKS) ?? Math.ceil(seconds / MOST_MARKS);
  const marks = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
  const critical = new Map(report.criticalPath.flatMap(({ machine }) => (machine ? [[machine, true]] : [])));
  const drawn = rows.map((row, index) => {
    const y = TOP + index * ROW;
    const bars = row.bars.map(({ from, to, look, title }) => {
      const width = Math.max(2, x(to) - x(from));
      return `<rect class="${look}" x="${fixed(x(from))}" y="${y + 5}" width="${fixed(width)}" height="${ROW - 10}" rx="2"><title>${escaped(title)}</title></rect>`;
    });
    const [first, last] = [row.bars[0], row.bars.at(-1)];
    const outline =
      first && last && !row.isGroup && critical.has(row.name)
        ? `<rect class="path" x="${fixed(x(first.from) - 2)}" y="${y + 3}" width="${fixed(Math.max(4, x(last.to) - x(first.from) + 4))}" height="${ROW - 6}" rx="3"/>`
        : '';
    const label = row.name.length > MOST_NAME ? `${row.name.slice(0, MOST_NAME - 1)}…` : row.name;
    return `<text class="${row.isGroup ? 'group' : 'name'}" x="${row.isGroup ? 12 : 24}" y="${y + 18}">${escaped(label)}<title>${escaped(row.name)}</title></text>${bars.join('')}${outline}`;
  });
  const axis = marks.map(
    (mark) =>
      `<line class="grid" x1="${fixed(x(mark))}" x2="${fixed(x(mark))}" y1="${TOP - 6}" y2="${height - 8}"/><text class="tick" x="${fixed(x(mark))}" y="20" text-anchor="middle">${mark === 0 ? '0' : duration(mark)}</text>`,
  );
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Timeline of the drill">${axis.join('')}${drawn.join('')}</svg>`;
}

const fixed = (value: number): string => value.toFixed(1);

function rowsOf({ phases, steps, machines }: DrillReport): Row[] {
  const engine = (title: string, from: string, to: string): Bar => ({
    from,
    to,
    look: 'engine',
    title: `${title}: ${between(from, to)}`,
  });
  const phase = ({ title, begun, ended }: DrillReport['phases'][number]): Row => ({
    name: title,
    isGroup: true,
    bars: [engine(title, begun, ended)],
  });
  const isAfter = ({ title }: { title: string }) => title === 'destroy' || title === 'sweep';
  const waves = steps.flatMap(({ title, begun, ended }): Row[] => [
    { name: title, isGroup: true, bars: [engine(title, begun, ended)] },
    ...machines.filter(({ step }) => step === title).map((machine) => machineRow(machine, ended)),
  ]);
  return [
    ...phases.filter((each) => !isAfter(each) && each.title !== 'recovery').map(phase),
    // Stopped before its first wave was over.
    ...(steps.length === 0 ? phases.filter(({ title }) => title === 'recovery').map(phase) : waves),
    ...phases.filter(isAfter).map(phase),
  ];
}

function machineRow({ name, begun, launched, ready, outcome, problem }: DrillMachine, ended: string): Row {
  const bars: Bar[] = [];
  if (begun) {
    const to = launched ?? ended;
    bars.push({
      from: begun,
      to,
      look: launched ? 'launch' : 'bad',
      title: `${name}, image and launch: ${between(begun, to)}`,
    });
  }
  if (launched) {
    const to = ready ?? ended;
    bars.push({
      from: launched,
      to,
      look: ready ? 'checks' : 'bad',
      title: `${name}, status checks: ${between(launched, to)}${problem ? `; ${problem}` : ''}`,
    });
  }
  return { name: outcome === 'held' ? `${name} (held)` : name, isGroup: false, bars };
}

const between = (from: string, to: string): string =>
  duration(Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000)));
