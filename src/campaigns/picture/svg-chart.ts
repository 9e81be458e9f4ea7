/** One bar: its parts from the axis upward, each with the class that gives its colour. */
interface Bar {
  readonly title: string;
  readonly parts: readonly (readonly [className: string, value: number])[];
}

export interface ChartWish {
  readonly label: string;
  readonly bars: readonly Bar[];
  /** Parts lie on top of each other, or behind each other (the first is in front). */
  readonly layout: 'stacked' | 'overlaid';
  /** Times of day under the axis: `[position from 0 to 1, text]`. */
  readonly ticks: readonly (readonly [number, string])[];
}

const size = { width: 920, height: 190, left: 58, right: 12, top: 12, bottom: 26 };
const inner = { width: size.width - size.left - size.right, height: size.height - size.top - size.bottom };

export const escapeText = (text: string): string => text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);

/** 1, 2 or 5 times a power of ten, at or above the value. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

const short = (value: number): string => {
  if (value >= 1e6) return `${value / 1e6} M`;
  return value >= 1e4 ? `${value / 1e3} k` : String(value);
};

const fixed = (value: number): string => value.toFixed(2).replace(/\.?0+$/, '');

/** A chart of bars over time as one SVG element; colours come from the page's classes. */
export function svgChart({ label, bars, layout, ticks }: ChartWish): string {
  const heightOf = ({ parts }: Bar): number => {
    const values = parts.map(([, value]) => value);
    return layout === 'stacked' ? values.reduce((sum, value) => sum + value, 0) : Math.max(0, ...values);
  };
  const top = roundUp(Math.max(...bars.map(heightOf), 1));
  const width = inner.width / Math.max(1, bars.length);
  const y = (value: number): number => size.top + inner.height * (1 - value / top);
  const grid = [0, 0.5, 1].map(
    (share) =>
      `<line class="grid" x1="${size.left}" x2="${size.width - size.right}" y1="${fixed(y(top * share))}" y2="${fixed(y(top * share))}"/>` +
      `<text class="axis" x="${size.left - 6}" y="${fixed(y(top * share) + 4)}" text-anchor="end">${short(top * share)}</text>`,
  );
  const marks = bars.map((bar, index) => drawBar(bar, { x: size.left + index * width, width, y, layout }));
  const times = ticks.map(
    ([at, text]) =>
      `<text class="axis" x="${fixed(size.left + at * inner.width)}" y="${size.height - 8}" text-anchor="middle">${escapeText(text)}</text>`,
  );
  return `<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escapeText(label)}">${[...grid, ...marks, ...times].join('')}</svg>`;
}

interface BarPlace {
  readonly x: number;
  readonly width: number;
  readonly y: (value: number) => number;
  readonly layout: ChartWish['layout'];
}

function drawBar({ title, parts }: Bar, { x, width, y, layout }: BarPlace): string {
  let base = 0;
  const shapes = (layout === 'stacked' ? parts : [...parts].reverse()).map(([className, value]) => {
    if (value <= 0) return '';
    const from = layout === 'stacked' ? base : 0;
    base += value;
    const height = Math.max(0.6, y(from) - y(from + value));
    return `<rect class="${className}" x="${fixed(x)}" y="${fixed(y(from) - height)}" width="${fixed(Math.max(0.5, width - 0.6))}" height="${fixed(height)}"/>`;
  });
  const drawn = shapes.join('');
  return drawn === '' ? '' : `<g><title>${escapeText(title)}</title>${drawn}</g>`;
}
