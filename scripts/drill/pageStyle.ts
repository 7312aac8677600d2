/** The style of a drill's page: light, or dark where its reader prefers that. Nothing is loaded from anywhere. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --paper: #fbfaf7; --card: #ffffff; --ink: #1d2428; --quiet: #5d6a70; --line: #dcdcd4;
  --launch: #2f6f9f; --checks: #8cb9d6; --engine: #9aa5a9; --bad: #b3392f; --good: #2c7a4b; --path: #d98a00; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181a; --card: #1c2225; --ink: #e8eae6; --quiet: #9aa7ac; --line: #343c40;
  --launch: #5aa2d4; --checks: #2e5d7d; --engine: #59656a; --bad: #e5766b; --good: #63bd87; --path: #f0b03f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem; text-wrap: balance; }
h2 { font-size: 1.05rem; margin: 2.25rem 0 .75rem; }
p { margin: .25rem 0; max-width: 68ch; }
.quiet { color: var(--quiet); }
.verdict { border-left: 4px solid var(--good); padding-left: .75rem; margin-top: 1.25rem; }
.verdict.bad { border-color: var(--bad); }
dl.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1.5rem 0 0; }
dl.facts div { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .75rem .9rem; }
dt { color: var(--quiet); font-size: .82rem; }
dd { margin: .1rem 0 0; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 6px; }
svg { display: block; width: 100%; min-width: 720px; height: auto; }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
svg .tick { fill: var(--quiet); font-size: 11px; font-variant-numeric: tabular-nums; }
svg .group { fill: var(--quiet); font-weight: 600; }
svg .grid { stroke: var(--line); }
svg .engine { fill: var(--engine); } svg .launch { fill: var(--launch); } svg .checks { fill: var(--checks); } svg .bad { fill: var(--bad); }
svg .path { fill: none; stroke: var(--path); stroke-width: 2.5; }
.legend { display: flex; flex-wrap: wrap; gap: .4rem 1.25rem; margin: .6rem 0 0; padding: 0; list-style: none; color: var(--quiet); font-size: .85rem; }
.legend i { display: inline-block; width: .9rem; height: .65rem; border-radius: 2px; margin-right: .4rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .5rem .8rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--quiet); font-weight: 500; font-size: .85rem; white-space: nowrap; }
td:nth-child(-n+5):nth-child(n+2) { white-space: nowrap; }
tr:last-child td { border-bottom: 0; }
.ready { color: var(--good); } .failed, .held { color: var(--bad); }
li { margin: .2rem 0; overflow-wrap: anywhere; }
`;
