import { useState } from 'react';
import type { ListedCase } from '../api/types.ts';
import type { Selected } from './queue-place.ts';

/** Cases by their id, as the list has them now, or had them last: one that leaves the list stays selected. */
export function useSelected(rows: readonly ListedCase[], before: Selected | undefined) {
  const [selected, setSelected] = useState<Selected>(before ?? new Map());
  const latest = new Map(rows.map((one) => [one.id, one]));
  return {
    selected: new Map([...selected].map(([id, known]) => [id, latest.get(id) ?? known])),
    toggle: (one: ListedCase | undefined): void => {
      if (one !== undefined) setSelected((others) => toggled(others, one));
    },
    clear: (): void => setSelected(new Map()),
  };
}

function toggled(before: Selected, one: ListedCase): Selected {
  const next = new Map(before);
  if (!next.delete(one.id)) next.set(one.id, one);
  return next;
}
