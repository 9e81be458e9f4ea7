import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { Case } from '../api/types.ts';
import { useKeys } from '../keyboard/keys.ts';
import { Badge } from '../parts/badge.tsx';
import { SafeText } from '../parts/safe-text.tsx';
import { When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';

const rowHeight = 37;

interface QueueTableProps {
  readonly rows: readonly Case[];
  /** No more rows are to be had. */
  readonly isWhole: boolean;
  /** The last rows are in sight. */
  readonly onEnd: () => void;
}

/** Only what is in sight is drawn; readers are told how many rows there are. */
export function QueueTable({ rows, isWhole, onEnd }: QueueTableProps) {
  const now = useNow();
  const [, go] = useLocation();
  const [current, setCurrent] = useState(0);
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (!isWhole && last >= rows.length - 20) onEnd();
  }, [isWhole, last, rows.length, onEnd]);
  const move = (by: number): void => {
    const to = Math.min(rows.length - 1, Math.max(0, current + by));
    setCurrent(to);
    virtual.scrollToIndex(to);
  };
  useKeys([
    { keys: 'j', does: 'next row', run: () => move(1) },
    { keys: 'k', does: 'row before', run: () => move(-1) },
    { keys: 'Enter', does: 'open the row', run: () => go(`/cases/${rows[current]?.id ?? ''}`) },
  ]);
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // Scrolled by keys too: it has to be reachable.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls takes focus
    <section ref={frame} className="queue" aria-label="Cases" tabIndex={0}>
      <table aria-rowcount={isWhole ? rows.length + 1 : -1}>
        <thead>
          <tr>
            <th scope="col">Due</th>
            <th scope="col">Priority</th>
            <th scope="col">Score</th>
            <th scope="col">Reason</th>
            <th scope="col">Account</th>
            <th scope="col">Waiting</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          <Space height={before} />
          {items.map(({ index }) => {
            const one = rows[index];
            return one === undefined ? null : (
              <Row key={one.id} one={one} index={index} isCurrent={index === current} now={now} />
            );
          })}
          <Space height={after} />
        </tbody>
      </table>
    </section>
  );
}

/** Stands for the rows out of sight. */
const Space = ({ height }: { readonly height: number }) =>
  height > 0 ? (
    <tr>
      <td colSpan={7} className="space" height={height} />
    </tr>
  ) : null;

interface RowProps {
  readonly one: Case;
  readonly index: number;
  readonly isCurrent: boolean;
  readonly now: number;
}

function Row({ one, index, isCurrent, now }: RowProps) {
  const isLate = one.state !== 'decided' && Date.parse(one.due_at) < now;
  return (
    <tr aria-rowindex={index + 2} className={isCurrent ? 'current' : undefined} aria-current={isCurrent || undefined}>
      <td className={isLate ? 'late' : undefined}>
        {isLate && 'late: '}
        <When at={one.due_at} now={now} />
      </td>
      <td>{one.priority}</td>
      <td>{Math.round(one.score)}</td>
      <td>{one.reason}</td>
      <td>
        <Link href={`/cases/${one.id}`}>
          <SafeText text={one.account_id} limit={40} />
        </Link>
        {one.whole_ring && <span className="badge">ring</span>}
      </td>
      <td>
        <When at={one.opened_at} now={now} />
      </td>
      <td>
        <Badge state={one.state} />
        {one.claimed_by !== null && one.state === 'claimed' && ` ${one.claimed_by}`}
      </td>
    </tr>
  );
}
