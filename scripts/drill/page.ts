import { waveText } from '../../inventory/waves';
import { escaped } from './escaped';
import { PAGE_STYLE } from './pageStyle';
import { type DrillReport, isGoodDrill } from './report';
import { duration } from './text';
import { timeline } from './timeline';

/** The report of a drill as one page that needs nothing else: no script, no font, no picture from anywhere. Pure. */
export function drillPage(report: DrillReport): string {
  const { stack, account, region, begun, ended } = report;
  const title = `Drill of ${stack}, ${minute(begun)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p class="quiet">Account ${escaped(account)}, ${escaped(region)}. Drill ${escaped(report.id)}, ${seconds(begun, ended)} in all, in a network that nothing leads out of.</p>
${verdict(report)}
${facts(report)}
<h2>What took how long</h2>
<div class="scroll">${timeline(report)}</div>
${LEGEND}
${path(report)}
<h2>Machines</h2>
${machines(report)}
${list('What else failed', report.failures)}
${list('Removed by the sweep, not by the engine', report.swept)}
${list('Left behind', report.left)}
<h2>What it may have cost</h2>
<p>${escaped(`At most ${report.cost.usd.toFixed(2)} USD: ${report.cost.assumptions}.`)}</p>
</main>
</body>
</html>
`;
}

const LEGEND = `<ul class="legend">
<li><i style="background:var(--launch)"></i>image and launch</li><li><i style="background:var(--checks)"></i>status checks</li>
<li><i style="background:var(--engine)"></i>waves, and what is around them</li><li><i style="background:var(--bad)"></i>did not come up</li>
<li><i style="border:2px solid var(--path)"></i>on the critical path</li>
</ul>`;

/** A moment by the minute. */
const minute = (time: string): string => `${time.slice(0, 16).replace('T', ' ')} UTC`;

const seconds = (from: string, to: string): string =>
  duration(Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000)));

function verdict(report: DrillReport): string {
  const { machines: all, recoverSeconds, stopped, left } = report;
  const ready = all.filter(({ outcome }) => outcome === 'ready').length;
  const came =
    recoverSeconds === undefined
      ? `${ready} of ${all.length} machines came up${stopped === undefined ? '.' : `; the drill was ended before its time: ${stopped}.`}`
      : `All ${all.length} machines came up: ${duration(recoverSeconds)} to recover.`;
  const stayed = left.length === 0 ? 'Nothing was left behind.' : `${left.length} things were left behind.`;
  return `<p class="verdict${isGoodDrill(report) ? '' : ' bad'}">${escaped(`${came} ${stayed}`)}</p>`;
}

function facts({ machines: all, recoverSeconds, cost }: DrillReport): string {
  const ages = all.flatMap(({ dataAgeSeconds }) => dataAgeSeconds ?? []);
  const ready = all.filter(({ outcome }) => outcome === 'ready').length;
  const pairs = [
    ['Time to recover', recoverSeconds === undefined ? 'not known' : duration(recoverSeconds)],
    ['Machines ready', `${ready} of ${all.length}`],
    ['Oldest data', ages.length === 0 ? 'none' : duration(Math.max(...ages))],
    ['Cost, at most', `${cost.usd.toFixed(2)} USD`],
  ] as const;
  return `<dl class="facts">${pairs.map(([name, value]) => `<div><dt>${name}</dt><dd>${escaped(value)}</dd></div>`).join('')}</dl>`;
}

function path({ criticalPath }: DrillReport): string {
  if (criticalPath.length === 0) return '';
  const items = criticalPath.map(({ title, machine, begun, ended }) => {
    const what = machine === undefined ? title : `${machine}: ${title}`;
    return `<li>${escaped(what)}, ${seconds(begun, ended)}</li>`;
  });
  return `<h2>The critical path</h2>
<p class="quiet">Had one of these been shorter, the recovery would have been.</p>
<ol>${items.join('')}</ol>`;
}

function machines({ machines: all }: DrillReport): string {
  const rows = all.map((machine) => {
    const { name, wave, outcome, begun, launched, ready, dataFrom, dataAgeSeconds, problem = '' } = machine;
    const cells = [
      name,
      waveText(wave),
      begun && launched ? seconds(begun, launched) : '-',
      launched && ready ? seconds(launched, ready) : '-',
      dataFrom === undefined ? '-' : `${minute(dataFrom)}, ${duration(dataAgeSeconds ?? 0)} old`,
    ].map((cell) => `<td>${escaped(cell)}</td>`);
    return `<tr>${cells.join('')}<td class="${outcome}">${outcome}${problem === '' ? '' : `: ${escaped(problem)}`}</td></tr>`;
  });
  const head = ['Name', 'Wave', 'Image and launch', 'Checks', 'Data from', 'Outcome'];
  return `<div class="scroll"><table><thead><tr>${head.map((each) => `<th>${each}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function list(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return `<h2>${title}</h2>\n<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;
}
