import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { ListedCase } from '../api/types.ts';
import { useKeys } from '../keyboard/keys.ts';
import { Badge } from '../parts/badge.tsx';
import { SafeText } from '../parts/safe-text.tsx';
import { When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';
import { BulkBar } from './bulk-bar.tsx';

const rowHeight = 37;
const columns = ['Select', 'Due', 'Priority', 'Score', 'Reason', 'Account', 'From', 'Waiting', 'State'] as const;

interface QueueTableProps {
  readonly rows: readonly ListedCase[];
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
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
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
  const toggle = (id: string | undefined): void => {
    if (id !== undefined) setSelected((before) => toggled(before, id));
  };
  useKeys([
    { keys: 'j', does: 'next row', run: () => move(1) },
    { keys: 'k', does: 'row before', run: () => move(-1) },
    { keys: 'x', does: 'select the row', run: () => toggle(rows[current]?.id) },
    { keys: 'Enter', does: 'open the row', run: () => go(`/cases/${rows[current]?.id ?? ''}`) },
  ]);
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <>
      <BulkBar selected={rows.filter(({ id }) => selected.has(id))} onClear={() => setSelected(new Set())} />
      {/* Scrolled by keys too: it has to be reachable. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls takes focus */}
      <section ref={frame} className="queue" aria-label="Cases" tabIndex={0}>
        <table aria-rowcount={isWhole ? rows.length + 1 : -1}>
          <thead>
            <tr>
              {columns.map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Space height={before} />
            {items.map(({ index }) => {
              const one = rows[index];
              return one === undefined ? null : (
                <Row
                  key={one.id}
                  one={one}
                  index={index}
                  isCurrent={index === current}
                  isSelected={selected.has(one.id)}
                  onToggle={() => toggle(one.id)}
                  now={now}
                />
              );
            })}
            <Space height={after} />
          </tbody>
        </table>
      </section>
    </>
  );
}

function toggled(before: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(before);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** Stands for the rows out of sight. */
const Space = ({ height }: { readonly height: number }) =>
  height > 0 ? (
    <tr>
      <td colSpan={columns.length} className="space" height={height} />
    </tr>
  ) : null;

interface RowProps {
  readonly one: ListedCase;
  readonly index: number;
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  readonly onToggle: () => void;
  readonly now: number;
}

function Row({ one, index, isCurrent, isSelected, onToggle, now }: RowProps) {
  const isLate = one.state !== 'decided' && Date.parse(one.due_at) < now;
  return (
    <tr aria-rowindex={index + 2} className={isCurrent ? 'current' : undefined} aria-current={isCurrent || undefined}>
      <td>
        <input
          type="checkbox"
          aria-label={`Select ${one.account_id.slice(0, 40)}`}
          checked={isSelected}
          onChange={onToggle}
        />
      </td>
      <td className={isLate ? 'late' : undefined}>
        {isLate && 'late: '}
        <When at={one.due_at} now={now} />
      </td>
      <td title={`${one.priority} when it was opened`}>{Math.round(one.urgency)}</td>
      <td>{Math.round(one.score)}</td>
      <td title={one.reason}>
        <SafeText text={one.title} limit={60} />
      </td>
      <td>
        <Account one={one} />
      </td>
      <td>{[one.country, one.network].filter((part) => part !== null).join(' · ')}</td>
      <td>
        <When at={one.opened_at} now={now} />
      </td>
      <td>
        <Holder one={one} />
      </td>
    </tr>
  );
}

function Account({ one }: { readonly one: ListedCase }) {
  return (
    <>
      <Link href={`/cases/${one.id}`}>
        <SafeText text={one.account_id} limit={40} />
      </Link>
      {one.whole_ring && (
        <span className="badge">
          {one.ring_size === null ? 'ring' : `ring of ${one.ring_size.toLocaleString('en')}`}
        </span>
      )}
      {one.subject !== null && (
        <span className="quiet">
          {' '}
          <SafeText text={one.subject} limit={30} />
        </span>
      )}
    </>
  );
}

/** Who has it, or is to have it. */
function Holder({ one }: { readonly one: ListedCase }) {
  return (
    <>
      <Badge state={one.state} />
      {one.claimed_by !== null && one.state === 'claimed' && ` ${one.claimed_by}`}
      {one.escalated && <span className="badge">for a senior</span>}
      {one.assigned_to !== null && one.state !== 'decided' && ` for ${one.assigned_to}`}
    </>
  );
}
