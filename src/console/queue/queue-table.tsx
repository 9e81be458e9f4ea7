import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { ListedCase } from '../api/types.ts';
import { useKeys } from '../keyboard/keys.ts';
import { spelledOut } from '../parts/safe-text.tsx';
import { TableHead } from '../parts/table-head.tsx';
import { useMedia } from '../parts/use-media.ts';
import { useNow } from '../parts/use-now.ts';
import { useSession } from '../session/session.ts';
import { BulkBar } from './bulk-bar.tsx';
import { Cell, type Layout, layoutFor } from './queue-columns.tsx';
import { keepPlace, placeIn } from './queue-place.ts';
import { useCursor } from './use-cursor.ts';
import { rowNumber, useFocusLeft, useRowFocus } from './use-row-focus.ts';
import { useSelected } from './use-selected.ts';

/** In pixels, where the stylesheet has them too. */
const slimMedia = '(max-width: 30rem)';
const narrowMedia = '(max-width: 44rem)';
const middleMedia = '(max-width: 77rem)';

interface QueueTableProps {
  /** Which list it is: coming back to it, one goes on where one was. */
  readonly list: string;
  readonly rows: readonly ListedCase[];
  /** No more rows are to be had. */
  readonly isWhole: boolean;
  /** The last rows are in sight. */
  readonly onEnd: () => void;
}

/** Only what is in sight is drawn; readers are told how many rows there are. */
export function QueueTable({ list, rows, isWhole, onEnd }: QueueTableProps) {
  const now = useNow();
  const [, go] = useLocation();
  const { key_id: me } = useSession();
  const [before] = useState(() => placeIn(me, list));
  const { cursor, current, setCurrent } = useCursor(rows, before?.cursor);
  const { selected, toggle, clear } = useSelected(rows, before?.selected);
  useEffect(() => keepPlace(me, list, { cursor, selected }));
  const frame = useRef<HTMLDivElement>(null);
  const focusRow = useRowFocus(frame);
  const [isSlim, isNarrow, isMiddle] = [useMedia(slimMedia), useMedia(narrowMedia), useMedia(middleMedia)];
  const layout = layoutFor({ isSlim, isNarrow, isMiddle });
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => layout.rowHeight,
    overscan: 12,
  });
  const { measure, scrollToIndex } = virtual;
  const [first] = useState(current);
  useEffect(() => {
    if (first > 0) scrollToIndex(first);
  }, [first, scrollToIndex]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another layout are of another height
  useEffect(() => measure(), [layout, measure]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (!isWhole && last >= rows.length - 20) onEnd();
  }, [isWhole, last, rows.length, onEnd]);
  const move = (by: number): void => {
    const to = Math.min(rows.length - 1, Math.max(0, current + by));
    setCurrent(to);
    scrollToIndex(to);
    focusRow(to);
  };
  useKeys([
    { keys: 'j', does: 'next row', run: () => move(1) },
    { keys: 'k', does: 'row before', run: () => move(-1) },
    { keys: 'x', does: 'select the row', run: () => toggle(rows[current]) },
    { keys: 'Enter', does: 'open the row', run: () => go(`/cases/${rows[current]?.id ?? ''}`) },
  ]);
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <>
      <BulkBar
        selected={[...selected.values()]}
        away={[...selected.keys()].filter((id) => rows.every((one) => one.id !== id)).length}
        onClear={clear}
        onLeave={() => frame.current?.focus()}
      />
      {/* Scrolled by keys too: it has to be reachable. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls takes focus */}
      <section ref={frame} className="queue" aria-label="Cases" tabIndex={0}>
        <table className={`queue-${layout.name}`} aria-rowcount={isWhole ? rows.length + 1 : -1}>
          <colgroup>
            <col className="col-select" />
            {layout.columns.map(({ title, name }) => (
              <col key={title} className={`col-${name}`} />
            ))}
          </colgroup>
          <TableHead columns={['Select', ...layout.columns.map(({ title }) => title)]} />
          <tbody>
            <Space height={above} layout={layout} />
            {items.map(({ index }) => {
              const one = rows[index];
              return one === undefined ? null : (
                <Row
                  key={one.id}
                  one={one}
                  list={frame}
                  layout={layout}
                  index={index}
                  isCurrent={index === current}
                  isSelected={selected.has(one.id)}
                  onToggle={() => toggle(one)}
                  onFocus={() => setCurrent(index)}
                  now={now}
                />
              );
            })}
            <Space height={below} layout={layout} />
          </tbody>
        </table>
      </section>
    </>
  );
}

/** Stands for the rows out of sight. */
const Space = ({ height, layout }: { readonly height: number; readonly layout: Layout }) =>
  height > 0 ? (
    <tr>
      <td colSpan={layout.columns.length + 1} className="space" height={height} />
    </tr>
  ) : null;

interface RowProps {
  readonly one: ListedCase;
  readonly list: RefObject<HTMLElement | null>;
  readonly layout: Layout;
  readonly index: number;
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  readonly onToggle: () => void;
  /** Somebody went to it by Tab or by a click. */
  readonly onFocus: () => void;
  readonly now: number;
}

function Row({ one, list, layout, index, isCurrent, isSelected, onToggle, onFocus, now }: RowProps) {
  const row = useRef<HTMLTableRowElement>(null);
  useFocusLeft(row, list);
  return (
    <tr
      ref={row}
      aria-rowindex={rowNumber(index)}
      className={isCurrent ? 'current' : undefined}
      aria-current={isCurrent || undefined}
      onFocus={onFocus}
    >
      <td>
        <input
          type="checkbox"
          aria-label={`Select ${spelledOut(one.account_id, 40)}`}
          checked={isSelected}
          onChange={onToggle}
        />
      </td>
      {layout.columns.map((column) => (
        <td key={column.title}>
          <Cell column={column} one={one} now={now} />
        </td>
      ))}
    </tr>
  );
}
