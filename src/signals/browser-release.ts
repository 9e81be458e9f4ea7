const dayMs = 86_400_000;

/** Releases of some majors; those between are interpolated, which is right to about a week. */
interface Releases {
  readonly known: readonly (readonly [major: number, date: string])[];
  /** Days from one major to the next after the last known one. */
  readonly every: number;
}

/** Sources: the vendors' release notes. Chrome and Edge have come every four weeks since 94, Firefox since 74. */
const chrome: Releases = {
  known: [
    [80, '2020-02-04'],
    [94, '2021-09-21'],
    [100, '2022-03-29'],
    [110, '2023-02-07'],
    [120, '2023-12-05'],
    [130, '2024-10-15'],
    [140, '2025-09-02'],
  ],
  every: 28,
};
const firefox: Releases = {
  known: [
    [80, '2020-08-25'],
    [90, '2021-07-13'],
    [100, '2022-05-03'],
    [110, '2023-02-14'],
    [120, '2023-11-21'],
    [130, '2024-09-03'],
    [140, '2025-06-24'],
  ],
  every: 28,
};
/** One major a year in September; 19 to 25 never were. */
const safari: Releases = {
  known: [
    [13, '2019-09-19'],
    [14, '2020-09-16'],
    [15, '2021-09-20'],
    [16, '2022-09-12'],
    [17, '2023-09-18'],
    [18, '2024-09-16'],
    [26, '2025-09-15'],
  ],
  every: 365,
};

function releasesOf(browser: string): Releases | undefined {
  if (/^(chrome|edge)/i.test(browser)) return chrome;
  if (/^firefox/i.test(browser)) return firefox;
  return /^(mobile )?safari/i.test(browser) ? safari : undefined;
}

/** Epoch milliseconds; undefined for other browsers and for majors before the table. */
function releaseOf(browser: string, major: number): number | undefined {
  const releases = releasesOf(browser);
  if (releases === undefined || (releases === safari && major > 18 && major < 26)) return undefined;
  const { known, every } = releases;
  const after = known.findIndex(([known]) => known >= major);
  const [nextMajor, nextDate] = known[after] ?? [0, ''];
  if (after < 0) {
    const [last, date] = known.at(-1) ?? [0, ''];
    return Date.parse(date) + (major - last) * every * dayMs;
  }
  if (nextMajor === major) return Date.parse(nextDate);
  const [before, date] = known[after - 1] ?? [];
  if (before === undefined || date === undefined) return undefined;
  const share = (major - before) / (nextMajor - before);
  return Date.parse(date) + share * (Date.parse(nextDate) - Date.parse(date));
}

/** Whole days since the release; 0 for a version that is not out yet by this table. */
export function browserAgeDays(browser: string, major: number, at: number): number | undefined {
  const release = releaseOf(browser, major);
  return release === undefined ? undefined : Math.max(0, Math.floor((at - release) / dayMs));
}
