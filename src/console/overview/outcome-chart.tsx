import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Overview } from '../api/types.ts';
import { TableHead } from '../parts/table-head.tsx';
import { onThemeChange } from '../theme/theme-changes.ts';
import { countsOf } from './overview-words.ts';

const bands = [
  { outcome: 'deny', title: 'denied', colour: '--text' },
  { outcome: 'hold', title: 'held', colour: '--bad' },
  { outcome: 'limit', title: 'limited', colour: '--warn' },
  { outcome: 'allow', title: 'admitted', colour: '--good' },
] as const;

/** Times, then each outcome piled on those before it: what is drawn last lies on top, the smallest pile. */
function pilesOf({ signups, bucket_s, from, to }: Overview): uPlot.AlignedData {
  const [first = 0, last = 0] = [from, to].map((at) => Math.floor(Date.parse(at) / 1000 / bucket_s) * bucket_s);
  const byTime = new Map(signups.map(({ at, outcomes }) => [Date.parse(at) / 1000, outcomes]));
  const times = Array.from(
    // One more: a bar reaches from its time to the next.
    { length: Math.round((last - first) / bucket_s) + 2 },
    (_none, index) => first + index * bucket_s,
  );
  const piles: number[][] = [];
  for (const { outcome } of bands)
    piles.push(times.map((time, index) => (piles.at(-1)?.[index] ?? 0) + (byTime.get(time)?.[outcome] ?? 0)));
  return [times, ...piles.reverse()];
}

function colourOf(element: Element, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Buckets of this length are shown for more than a day. */
const dayAndMoreS = 1_800;
const clock = (time: number): string =>
  new Date(time * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
const day = (time: number): string =>
  new Date(time * 1000).toLocaleDateString([], { weekday: 'short', day: 'numeric', month: 'short' });

function optionsFor(frame: HTMLElement, found: Overview): uPlot.Options {
  const bars = uPlot.paths.bars?.({ size: [0.9, 40], align: 1 });
  const axis = { stroke: colourOf(frame, '--quiet'), grid: { stroke: colourOf(frame, '--line'), width: 1 } };
  return {
    width: frame.clientWidth,
    height: 220,
    legend: { show: false },
    cursor: { show: false },
    axes: [{ ...axis, values: (_plot, times) => times.map(found.bucket_s < dayAndMoreS ? clock : day) }, axis],
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(1, high)] } },
    series: [
      {},
      ...[...bands].reverse().map(({ title, colour }): uPlot.Series => {
        const fill = colourOf(frame, colour);
        return {
          label: title,
          fill,
          stroke: fill,
          width: 0,
          points: { show: false },
          ...(bars === undefined ? {} : { paths: bars }),
        };
      }),
    ],
    hooks: { draw: [(plot) => markRulesets(plot, found, colourOf(frame, '--accent'))] },
  };
}

/** A line where another rule set came into use. */
function markRulesets(plot: uPlot, { rulesets }: Overview, colour: string): void {
  const { ctx, bbox } = plot;
  for (const { at } of rulesets) {
    const x = Math.round(plot.valToPos(Date.parse(at) / 1000, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.setLineDash([4, 4]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  }
}

export default function OutcomeChart({ found }: { readonly found: Overview }) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    let plot = new uPlot(optionsFor(element, found), pilesOf(found), element);
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: 220 }));
    resize.observe(element);
    const stop = onThemeChange(() => {
      plot.destroy();
      plot = new uPlot(optionsFor(element, found), pilesOf(found), element);
    });
    return () => {
      stop();
      resize.disconnect();
      plot.destroy();
    };
  }, [found]);
  return (
    <figure className="graph">
      <Legend found={found} />
      <div ref={frame} aria-hidden="true" />
      <figcaption>
        Signups by outcome as decided when they came, from the bottom: denied, held, limited, admitted; each bar is{' '}
        {found.bucket_s === 60 ? 'a minute' : `${found.bucket_s / 60} minutes`}.
        {found.rulesets.length > 0 && ' Dashed: another rule set came into use.'}
      </figcaption>
      <details>
        <summary>The same as a table</summary>
        <OutcomeTable found={found} />
      </details>
    </figure>
  );
}

function Legend({ found }: { readonly found: Overview }) {
  const counts = countsOf(found);
  return (
    <ul className="chips">
      {[...bands].reverse().map(({ outcome, title }) => (
        <li key={outcome}>
          <span className={`swatch swatch-${outcome}`} aria-hidden="true" /> {counts[outcome]} {title}
        </li>
      ))}
    </ul>
  );
}

function OutcomeTable({ found }: { readonly found: Overview }) {
  return (
    <table>
      <TableHead columns={['From', ...[...bands].reverse().map(({ title }) => title)]} />
      <tbody>
        {found.signups.map(({ at, outcomes }) => (
          <tr key={at}>
            <td>{new Date(at).toLocaleString()}</td>
            {[...bands].reverse().map(({ outcome }) => (
              <td key={outcome}>{outcomes[outcome] ?? 0}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
