/** Transactions at once: they leave connections to the others. */
const atOnce = 8;

/** What `work` says of each case, in their order. */
export async function someAtOnce<T>(
  caseIds: readonly string[],
  work: (caseId: string) => Promise<T>,
): Promise<readonly T[]> {
  const done: T[] = [];
  for (let from = 0; from < caseIds.length; from += atOnce)
    done.push(...(await Promise.all(caseIds.slice(from, from + atOnce).map(work))));
  return done;
}
