// The findings are blocks and no list items: Chromium counts the items of a list anew for each that is hidden, which takes 20 seconds
// for 4,000 of them.

/** The look of the page: one sheet for light and dark, for wide and narrow, for screen and paper. */
export const style = `
:root {
  color-scheme: light dark;
  --back: light-dark(#f6f5f2, #0e1116);
  --card: light-dark(#ffffff, #171b22);
  --sunk: light-dark(#f1efea, #10141a);
  --line: light-dark(#dedad2, #2b323d);
  --text: light-dark(#1d1b18, #e8ebf0);
  --soft: light-dark(#5d574e, #a3adbb);
  --link: light-dark(#1d4f91, #8ab8ff);
  --deny: light-dark(#b3261e, #ff8a80);
  --warn: light-dark(#8a5300, #f5bd4f);
  --unknown: light-dark(#1f5f8b, #7cc4f5);
  --pass: light-dark(#1c6b3c, #6fd596);
  --denyfill: light-dark(#d64b40, #e5584c);
  --warnfill: light-dark(#e8a838, #cf9430);
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace;
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); overflow-wrap: anywhere; }
header, main, footer { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.25rem; }
h1 { margin: 0; font-size: 1.05rem; font-weight: 600; color: var(--soft); letter-spacing: .01em; }
.verdict { display: flex; gap: .9rem; align-items: center; margin: .35rem 0 .3rem; font-size: clamp(1.35rem, 4vw, 1.95rem); line-height: 1.25; font-weight: 650; }
.verdict .dot { flex: none; width: .8em; height: .8em; border-radius: 50%; background: currentColor; }
.is-fail .dot { color: var(--denyfill); } .is-unknown .dot { color: var(--unknown); } .is-pass .dot { color: var(--pass); }
.made { margin: 0 0 1.5rem; color: var(--soft); font-size: .9rem; }
h2 { font-size: 1.15rem; margin: 0; }
code, pre { font-family: var(--mono); font-size: .88em; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.1rem 1.25rem; margin: 0 0 1rem; }
.totals { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 0 0 1rem; }
.totals div { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: .8rem 1rem; }
.totals dt { color: var(--soft); font-size: .85rem; }
.totals dd { margin: 0; font-size: 1.75rem; line-height: 1.2; font-weight: 650; font-variant-numeric: tabular-nums; }
.totals .deny { color: var(--deny); } .totals .warn { color: var(--warn); } .totals .unknown { color: var(--unknown); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1rem; align-items: start; }
.gaps { margin: .4rem 0 0; padding-left: 1.2rem; }
.charts ul, .findings { list-style: none; margin: .6rem 0 0; padding: 0; }
.charts { margin-bottom: 1rem; }
.charts .card { margin: 0; }
.charts h2 { font-size: 1rem; }
.bar { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .1rem .8rem; width: 100%; padding: .35rem .5rem; border: 1px solid transparent; border-radius: .5rem; background: none; color: inherit; font: inherit; text-align: left; }
.bar:enabled { cursor: pointer; }
.bar:enabled:hover { background: var(--sunk); }
.bar[aria-pressed=true] { background: var(--sunk); border-color: var(--link); }
.bar .name { font-family: var(--mono); font-size: .85rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bar .count { font-size: .85rem; color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar svg { grid-column: 1 / -1; width: 100%; height: .5rem; border-radius: .25rem; background: var(--sunk); display: block; }
rect.deny { fill: var(--denyfill); } rect.warn { fill: var(--warnfill); }
.filters { position: sticky; top: 0; z-index: 1; display: grid; grid-template-columns: 2fr repeat(4, minmax(7rem, 1fr)) auto; gap: .75rem; align-items: end; padding: .8rem 1rem; box-shadow: 0 6px 16px -12px #0008; }
.filters[hidden] { display: none; }
.filters label { display: grid; gap: .2rem; font-size: .8rem; color: var(--soft); min-width: 0; }
input, select, .filters button { width: 100%; min-height: 2.5rem; padding: .35rem .6rem; border: 1px solid light-dark(#948c80, #667180); border-radius: .5rem; background: var(--back); color: var(--text); font: inherit; font-size: .92rem; }
.filters button { width: auto; cursor: pointer; padding-inline: 1rem; }
.filters output { grid-column: 1 / -1; font-size: .88rem; color: var(--soft); }
:is(button, input, select, summary, a, [tabindex]):focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: .35rem; }
.code > p { margin: .25rem 0 .6rem; color: var(--soft); }
.code h2 code { font-size: 1em; }
.code h2 .count { color: var(--soft); font-weight: 400; font-size: .95rem; }
summary { cursor: pointer; }
.repair { border-left: 3px solid var(--line); padding: .1rem 0 .1rem .9rem; }
.repair > summary { color: var(--link); width: fit-content; }
pre { margin: .5rem 0; padding: .7rem .85rem; overflow-x: auto; background: var(--sunk); border: 1px solid var(--line); border-radius: .5rem; overflow-wrap: normal; }
.findings > li { display: block; border-top: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 3rem; }
.findings > li[hidden], .code[hidden] { display: none; }
.findings summary { display: grid; grid-template-columns: 4.6rem minmax(0, 1.3fr) minmax(0, 1fr) auto; gap: .15rem .9rem; padding: .65rem .25rem; align-items: baseline; list-style: none; }
.findings summary::-webkit-details-marker { display: none; }
.findings summary::after { content: '›' / ''; color: var(--soft); padding-inline: .4rem; }
.findings details[open] > summary::after { transform: rotate(90deg); }
.findings details[open] > summary .what { font-weight: 700; }
.findings summary:hover { background: var(--sunk); }
.findings summary .what { font-family: var(--mono); font-size: .88rem; }
.findings summary .where { font-size: .9rem; color: var(--soft); }
.badge { justify-self: start; min-width: 3.6rem; text-align: center; border: 1px solid currentColor; border-radius: 1rem; padding: 0 .55rem; font-size: .78rem; font-weight: 600; }
.badge.deny { color: var(--deny); } .badge.warn { color: var(--warn); } .badge.unknown { color: var(--unknown); } .badge.pass { color: var(--pass); } .badge.fail { color: var(--deny); }
.detail { padding: 0 .25rem 1rem 5.7rem; }
.detail p { margin: 0 0 .5rem; }
.next { border-left: 3px solid var(--pass); padding-left: .75rem; font-weight: 600; }
.detail dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem 1rem; margin: 0 0 .6rem; font-size: .9rem; }
.detail dt { color: var(--soft); } .detail dd { margin: 0; font-family: var(--mono); font-size: .85rem; }
a { color: var(--link); }
.table { overflow-x: auto; margin-top: .75rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .4rem .9rem .4rem 0; border-top: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 500; border-top: 0; }
td code { font-size: .85rem; }
footer { padding-block: .5rem 2.5rem; color: var(--soft); font-size: .85rem; }
@media (max-width: 62rem) { .filters { grid-template-columns: 1fr 1fr; position: static; } .filters .text { grid-column: 1 / -1; } }
@media (max-width: 40rem) {
  header, main, footer { padding-inline: .8rem; }
  .card { padding: .9rem; }
  .findings summary { grid-template-columns: 4.6rem minmax(0, 1fr) auto; }
  .findings summary::after { grid-area: 1 / 3; }
  .findings summary .where { grid-column: 2; }
  .detail { padding-left: .25rem; }
  .detail dl { grid-template-columns: 1fr; }
  .detail dd { margin-bottom: .3rem; }
}
@media print { .filters { display: none; } body { background: none; } }
@media (forced-colors: active) { rect.deny { fill: CanvasText; } rect.warn { fill: GrayText; } }
`
