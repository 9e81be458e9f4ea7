/** Colours by state, for light and dark; told apart by brightness too. */
const pageStyle = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1c2530; --soft: #5a6673; --line: #d9dfe5;
  --held: #14507d; --later: #5a9bd0; --limited: #d99a1c; --admitted: #b4bdc7; --drawn: #c0392b; --wanted: #d5dbe1; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14191f; --ink: #e8edf2; --soft: #9aa7b4; --line: #2d3742;
    --held: #4aa3df; --later: #2c6391; --limited: #e3b04b; --admitted: #66727f; --drawn: #f0796a; --wanted: #36424e; }
}
body { margin: 0 auto; padding: 24px 20px 48px; max-width: 960px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 22px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 28px 0 4px; }
p { margin: 4px 0 8px; color: var(--soft); }
svg { width: 100%; height: auto; display: block; }
.grid { stroke: var(--line); stroke-width: 1; } .axis { fill: var(--soft); font-size: 12px; }
.held { fill: var(--held); background: var(--held); } .later { fill: var(--later); background: var(--later); }
.limited { fill: var(--limited); background: var(--limited); }
.admitted { fill: var(--admitted); background: var(--admitted); }
.drawn { fill: var(--drawn); background: var(--drawn); } .wanted { fill: var(--wanted); background: var(--wanted); }
.key span { display: inline-block; margin-right: 16px; color: var(--soft); }
.key i { display: inline-block; width: 12px; height: 12px; border-radius: 2px; margin-right: 6px; vertical-align: -1px; }
pre { overflow-x: auto; font: 12px/1.45 ui-monospace, monospace; border-top: 1px solid var(--line); padding-top: 12px; }
`;

/** A page that needs nothing but itself. */
export const htmlPage = (title: string, body: readonly string[]): string =>
  [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title><style>${pageStyle}</style></head><body>`,
    ...body,
    '</body></html>',
    '',
  ].join('\n');
