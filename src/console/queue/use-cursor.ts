import { useState } from 'react';
import type { ListedCase } from '../api/types.ts';
import type { Cursor } from './queue-place.ts';

/** The row that keys work on: it stays on its case while the list changes, and in its place when the case goes. */
export function useCursor(rows: readonly ListedCase[], before: Cursor | undefined) {
  const [cursor, setCursor] = useState<Cursor>(before ?? { index: 0, id: rows[0]?.id });
  const current = placeOf(cursor, rows);
  const id = rows[current]?.id;
  // The next change is seen from where it is now.
  if (current !== cursor.index || id !== cursor.id) setCursor({ index: current, id });
  return { cursor, current, setCurrent: (index: number): void => setCursor({ index, id: rows[index]?.id }) };
}

function placeOf({ index, id }: Cursor, rows: readonly ListedCase[]): number {
  const found = rows.findIndex((one) => one.id === id);
  return found >= 0 ? found : Math.max(0, Math.min(index, rows.length - 1));
}
