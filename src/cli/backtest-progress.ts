import { formatCount } from './backtest-figures.js';

/** One line on a terminal that is written over: how many, how fast, how long still. */
export class BacktestProgress {
  private readonly started = performance.now();
  private shownAt = 0;
  private isShown = false;

  constructor(
    private readonly options: {
      /** Also where nobody looks at a terminal. */
      readonly always: boolean;
      /** What is being done. */
      readonly what: string;
    },
  ) {}

  /** `share`: how much of the input has been read, where that is known. */
  show(events: number, share: number | undefined): void {
    const now = performance.now();
    if (!(this.options.always || process.stderr.isTTY) || now - this.shownAt < 200) return;
    this.shownAt = now;
    this.isShown = true;
    const seconds = (now - this.started) / 1000;
    const left = share === undefined || share <= 0 ? '' : `, ${inWords((seconds / share) * (1 - share))} left`;
    const done = share === undefined ? '' : `${bar(share)} ${Math.floor(share * 100)} %, `;
    const rate = formatCount(Math.round(events / Math.max(seconds, 0.001)));
    process.stderr.write(
      `\r\u001b[K${this.options.what}: ${done}${formatCount(events)} events, ${rate} a second${left}`,
    );
  }

  end(): void {
    if (this.isShown) process.stderr.write('\r\u001b[K');
  }
}

const width = 20;

const bar = (share: number): string => {
  const full = Math.min(width, Math.round(share * width));
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}]`;
};

function inWords(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}
