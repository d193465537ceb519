/**
 * The page's look. The colours of series are those of Okabe and Ito, which people who see colours otherwise tell apart too; what is good or
 * bad is said by a sign and a word as well. `.paper` is set while the page is printed.
 */
export const stylesheet = `
:root {
  color-scheme: light;
  --page: #ffffff; --ink: #1b1f24; --muted: #626b75; --line: #e3e6ea; --panel: #f6f7f9; --shade: #eceef1;
  --good: #00694c; --bad: #b23c00; --warn: #8a6100;
  --blue: #0072b2; --sky: #3fa2d9; --green: #009e73; --orange: #d98c00; --vermilion: #d55e00; --purple: #b0578f;
}
@media (prefers-color-scheme: dark) {
  :root:not(.paper) {
    color-scheme: dark;
    --page: #14171b; --ink: #e6e9ed; --muted: #9aa4af; --line: #2b3138; --panel: #1b2026; --shade: #20252c;
    --good: #3ccf9f; --bad: #ff8f4d; --warn: #f0c04a;
    --blue: #5cb3ec; --sky: #9bd4f5; --green: #34c99a; --orange: #f2ae2e; --vermilion: #ff8345; --purple: #dd93bf;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%;
}
main { max-width: 1120px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { margin: 0; font-size: 26px; line-height: 1.25; font-weight: 650; overflow-wrap: anywhere; }
h2 { margin: 48px 0 4px; font-size: 18px; font-weight: 650; }
h3 { margin: 24px 0 2px; font-size: 15px; font-weight: 600; }
p { margin: 4px 0 8px; max-width: 78ch; }
.quiet, caption, figcaption p { max-width: none; color: var(--muted); font-size: 13px; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
code, pre { font: 12.5px/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; }
code { overflow-wrap: anywhere; }

.verdict { margin: 20px 0 0; padding: 14px 18px; border-left: 4px solid; border-radius: 4px; background: var(--panel); }
.verdict strong { font-size: 17px; }
.verdict p { margin: 0; }
.verdict p:not(.warn) { color: var(--ink); }

.figures { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 10px; margin: 12px 0 8px; }
.figures div { padding: 10px 14px; border-radius: 4px; background: var(--panel); }
.figures dt { color: var(--muted); font-size: 13px; }
.figures dd { margin: 0; font-size: 21px; font-weight: 600; line-height: 1.35; white-space: nowrap; }
.figures small { display: block; color: var(--muted); font-size: 12px; font-weight: 400; white-space: normal; }

.scroll { container-type: inline-size; overflow-x: auto; }
table { width: 100%; margin: 8px 0; border-collapse: collapse; font-size: 14px; }
caption { padding: 0 0 4px; text-align: left; }
/* As wide as what is in sight of a table that is wider, and stays there. */
caption span { display: block; position: sticky; left: 0; max-width: 100cqi; }
th, td { padding: 5px 10px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: baseline; }
th { color: var(--muted); font-size: 12.5px; font-weight: 500; white-space: nowrap; }
tbody th { min-width: 9.5em; color: var(--ink); font-size: inherit; font-weight: 400; white-space: normal; overflow-wrap: anywhere; }
tr > :first-child { padding-left: 0; }
tr > :last-child { padding-right: 0; }
.number { text-align: right; white-space: nowrap; }
.sign { width: 1%; padding-right: 0; font-weight: 700; }
.share { width: 34%; }
.share i { display: block; height: 11px; min-width: 1px; border-radius: 2px; background: var(--blue); }
.words { min-width: 14em; overflow-wrap: anywhere; }

.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(480px, 100%), 1fr)); gap: 8px 28px; }
.charts.wide { grid-template-columns: minmax(0, 1fr); }
figure { min-width: 0; margin: 12px 0 0; }
figcaption h3, figcaption p { margin: 0; }
[data-chart] { min-height: 200px; }
.uplot { font-family: inherit; }
.u-legend { width: auto; margin: 2px 0 0 60px; color: var(--muted); font-size: 12.5px; text-align: left; }
.u-legend th, .u-legend td { min-width: 0; border: 0; font: inherit; color: inherit; }
.u-legend tr > :first-child { padding-left: 0; }
.u-legend .u-marker { height: 3px; border-radius: 2px; }
.u-select { background: color-mix(in srgb, var(--blue) 15%, transparent); }

.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 3px 20px; margin: 10px 0; font-size: 14px; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
details { margin: 12px 0; }
summary { cursor: pointer; color: var(--muted); }
pre { margin: 8px 0; padding: 14px 16px; border-radius: 4px; background: var(--panel); overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
ul { margin: 8px 0; padding-left: 20px; }
.events { list-style: none; padding: 0; }
.events b { display: inline-block; min-width: 1.4em; }

@media screen and (max-width: 720px) {
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .words { min-width: 9em; }
  .u-legend { margin-left: 0; }
}
.paper main { width: 178mm; padding: 0; }
.paper .charts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
.paper .charts.wide { grid-template-columns: minmax(0, 1fr); }
@media print {
  @page { margin: 14mm 16mm; }
  body { font-size: 10.5pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  h2, h3, figcaption, caption { break-after: avoid; }
  h2 { margin-top: 28px; }
  figure, tr, .figures div, .verdict { break-inside: avoid; }
  details:not([open]), .u-legend .u-value, .u-legend tr:first-child, .u-legend th::after { display: none; }
  .scroll { overflow: visible; }
  table { font-size: 9pt; }
  th, td { padding: 3px 6px; }
  th, th.number { white-space: normal; }
}
`;
