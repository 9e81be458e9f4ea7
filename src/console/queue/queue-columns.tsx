import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { ListedCase } from '../api/types.ts';
import { Badge } from '../parts/badge.tsx';
import { KeyName } from '../parts/key-name.tsx';
import { CutText } from '../parts/safe-text.tsx';
import { Deadline, When } from '../parts/time.tsx';
import { accountsWords } from '../ring/ring-words.ts';

interface CellProps {
  readonly one: ListedCase;
  readonly now: number;
}

interface Column {
  readonly title: string;
  /** Of the stylesheet: what it is as wide as. */
  readonly name: string;
  /** One under the other. */
  readonly lines: readonly Line[];
}

type Line = (props: CellProps) => ReactNode;

export interface Layout {
  readonly columns: readonly Column[];
  /** Of a row, as the stylesheet has it: rows are placed without being measured. */
  readonly rowHeight: number;
  readonly name: string;
}

const due: Column = { title: 'Due', name: 'due', lines: [Due] };
const state: Column = { title: 'State', name: 'state', lines: [Holder] };

/** One line a case. */
const wide: Layout = {
  name: 'wide',
  rowHeight: 37,
  columns: [
    due,
    { title: 'Priority', name: 'priority', lines: [Priority] },
    { title: 'Score', name: 'score', lines: [Score] },
    { title: 'Reason', name: 'reason', lines: [ReasonWords] },
    { title: 'Account', name: 'account', lines: [Account] },
    { title: 'From', name: 'from', lines: [From] },
    { title: 'Waiting', name: 'waiting', lines: [Waiting] },
    state,
  ],
};

/** Two lines a case, on a laptop or a tablet. */
const middle: Layout = {
  name: 'middle',
  rowHeight: 58,
  columns: [
    due,
    { title: 'Urgency', name: 'pair', lines: [PriorityWords, ScoreWords] },
    { title: 'Reason and account', name: 'case', lines: [ReasonWords, Account] },
    { title: 'From, waiting', name: 'from', lines: [From, Waiting] },
    state,
  ],
};

/** Three lines a case, at twice the size or on a large telephone. */
const narrow: Layout = {
  name: 'narrow',
  rowHeight: 80,
  columns: [
    { title: 'Urgency', name: 'due', lines: [Due, PriorityWords, ScoreWords] },
    {
      title: 'Reason and account',
      name: 'case',
      lines: [ReasonWords, Account, FromAndWaiting],
    },
    state,
  ],
};

/** All in one column, on a telephone or at four times the size. */
const slim: Layout = {
  name: 'slim',
  rowHeight: 102,
  columns: [{ title: 'Case', name: 'case', lines: [DueAndHolder, ReasonWords, Account, UrgencyAndFrom] }],
};

interface Room {
  readonly isSlim: boolean;
  readonly isNarrow: boolean;
  readonly isMiddle: boolean;
}

export const layoutFor = ({ isSlim, isNarrow, isMiddle }: Room): Layout =>
  isSlim ? slim : isNarrow ? narrow : isMiddle ? middle : wide;

/** What a row shows in one column. */
export function Cell({ column, ...props }: CellProps & { readonly column: Column }) {
  return column.lines.map((Show) => (
    <span key={Show.name} className="line">
      <Show {...props} />
    </span>
  ));
}

const isLate = ({ state: is, due_at }: ListedCase, now: number): boolean =>
  is !== 'decided' && Date.parse(due_at) < now;

function Due({ one, now }: CellProps) {
  return (
    <span className={isLate(one, now) ? 'late' : undefined}>
      {isLate(one, now) && 'late: '}
      <Deadline at={one.due_at} now={now} />
    </span>
  );
}

function Priority({ one }: CellProps) {
  return <span title={`${one.priority} when it was opened`}>{Math.round(one.urgency)}</span>;
}

function Score({ one }: CellProps) {
  return Math.round(one.score);
}

/** Named, where no head of a column names them. */
function PriorityWords(props: CellProps) {
  return (
    <>
      priority <Priority {...props} />
    </>
  );
}

function ScoreWords(props: CellProps) {
  return (
    <span className="quiet">
      score <Score {...props} />
    </span>
  );
}

function ReasonWords({ one }: CellProps) {
  return (
    <span title={one.reason}>
      <CutText text={one.title} limit={90} />
    </span>
  );
}

function Account({ one }: CellProps) {
  return (
    <>
      <Link href={`/cases/${one.id}`}>
        <CutText text={one.account_id} limit={40} />
      </Link>
      {one.whole_ring && (
        <span className="badge chip">
          {one.ring_size === null ? 'ring' : `ring of ${accountsWords(one.ring_size)}`}
        </span>
      )}
      {one.subject !== null && (
        <span className="quiet">
          {' '}
          <CutText text={one.subject} limit={30} />
        </span>
      )}
    </>
  );
}

function From({ one }: CellProps) {
  return [one.country, one.network].filter((part) => part !== null).join(' · ');
}

function Waiting({ one, now }: CellProps) {
  return <When at={one.opened_at} now={now} />;
}

function FromAndWaiting(props: CellProps) {
  return (
    <span className="quiet">
      <From {...props} /> <Waiting {...props} />
    </span>
  );
}

function DueAndHolder(props: CellProps) {
  return (
    <>
      <Due {...props} /> <Holder {...props} />
    </>
  );
}

function UrgencyAndFrom(props: CellProps) {
  return (
    <>
      <PriorityWords {...props} />, <ScoreWords {...props} /> <span className="quiet">{From(props)}</span>
    </>
  );
}

/** Who has it, or is to have it. */
function Holder({ one }: CellProps) {
  return (
    <>
      <Badge state={one.state} />
      {one.claimed_by !== null && one.state === 'claimed' && (
        <>
          {' '}
          <KeyName id={one.claimed_by} />
        </>
      )}
      {one.appealed_at !== null && <span className="badge chip">appealed</span>}
      {one.escalated && <span className="badge chip">for a senior</span>}
      {one.assigned_to !== null && one.state !== 'decided' && (
        <>
          {' '}
          for <KeyName id={one.assigned_to} />
        </>
      )}
    </>
  );
}
