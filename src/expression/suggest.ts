/** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours. */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length] ?? 0;
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** How far a known name is from what was written; names that share the last part or the group are nearer. */
function distance(written: string, known: string): number {
  const whole =
    editDistance(written.toLowerCase(), known.toLowerCase()) +
    (written.toLowerCase() === known.toLowerCase() ? 0.1 : 0);
  if (lastPart(written) === lastPart(known)) return Math.min(whole, 1.5);
  return written.includes('.') ? whole : Math.min(whole, editDistance(written, lastPart(known)) + 1);
}

/** The known names nearest to what was written, best first, at most three; none when nothing is near. */
export function nearest(written: string, known: Iterable<string>): readonly string[] {
  const furthest = Math.max(2, Math.floor(written.length / 4));
  return [...new Set(known)]
    .filter((name) => Math.abs(lastPart(name).length - lastPart(written).length) <= furthest + 8)
    .map((name) => ({ name, away: distance(written, name) }))
    .filter(({ away }) => away <= furthest)
    .sort((a, b) => a.away - b.away || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** `did you mean 'a'?`, best first; undefined when nothing is near. */
export function didYouMean(written: string, known: Iterable<string>): string | undefined {
  const [best, ...others] = nearest(written, known).map((name) => `'${name}'`);
  if (best === undefined) return undefined;
  return others.length === 0 ? `did you mean ${best}?` : `did you mean ${best}? (or ${others.join(', ')})`;
}
