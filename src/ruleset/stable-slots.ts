/** Stands in a slot whose name is gone: no name of an input is empty. */
export const freedName = '';

/** More freed slots than this share, and all are numbered anew. */
const mostFreed = 0.25;

/**
 * Names in the order of their slots. Whatever had a slot in `earlier` keeps it, so that what was compiled for it goes on;
 * new names follow at the end. Names of one group stay next to each other: the members of a burst.
 */
export function stableSlots(groups: readonly (readonly string[])[], earlier: readonly string[]): readonly string[] {
  const before = new Map(earlier.map((name, slot) => [name, slot]));
  const names = earlier.map(() => freedName);
  for (const group of groups) {
    const slot = placeOf(group, before) ?? names.length;
    for (const [index, name] of group.entries()) names[slot + index] = name;
  }
  const freed = names.filter((name) => name === freedName).length;
  return freed > mostFreed * names.length ? groups.flat() : names;
}

function placeOf(group: readonly string[], before: ReadonlyMap<string, number>): number | undefined {
  const slot = before.get(group[0] ?? '');
  return group.every((name, index) => slot !== undefined && before.get(name) === slot + index) ? slot : undefined;
}
