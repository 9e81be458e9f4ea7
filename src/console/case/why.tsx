import { useState } from 'react';
import { toTenths } from '../../model/points.ts';
import type { CaseDetail, StoredDecision } from '../api/types.ts';
import { LinkFor } from '../parts/link-for.tsx';
import { CutText, SafeText } from '../parts/safe-text.tsx';
import { Empty } from '../parts/states.tsx';
import { useUsual } from './use-usual.ts';
import { type UsualInput, usualWords } from './usual-words.ts';

type Reason = StoredDecision['reasons'][number];

/** One sentence, then every reason with its share, each opening to what it read. */
export function Why({ found }: { readonly found: CaseDetail }) {
  const record = found.decision_record;
  if (record === null) return <Empty>No decision stands behind this case: {openedBy(found)}.</Empty>;
  return <Reasons record={record} openedBy={peoplesWords.has(found.reason) ? openedBy(found) : undefined} />;
}

/** Cases that no decision opens, by their reasons. */
const peoplesWords: ReadonlyMap<string, string> = new Map([
  ['history.fraud_label', 'a fraud label opened it'],
  ['manual.hold', 'a person held the account'],
  ['manual.appeal', 'whoever has the account opened it, by an appeal'],
]);

function openedBy({ reason, whole_ring }: CaseDetail): string {
  if (whole_ring) return 'it was opened for its ring';
  return peoplesWords.get(reason) ?? 'a person or a label opened it';
}

interface ReasonsProps {
  readonly record: StoredDecision;
  /** Where the decision did not. */
  readonly openedBy: string | undefined;
}

function Reasons({ record, openedBy }: ReasonsProps) {
  const [isOpened, setOpened] = useState(false);
  const usual = useUsual(record.id, isOpened);
  const most = Math.max(1, ...record.reasons.map(({ points }) => Math.abs(points)));
  return (
    <section aria-labelledby="why">
      <h2 id="why">Why</h2>
      {openedBy !== undefined && (
        <p>No decision opened this case: {openedBy}. This is the newest decision about the account by then.</p>
      )}
      <Sentence record={record} />
      <ol className="reasons">
        {record.reasons.map((reason) => (
          <li key={reason.rule}>
            <ReasonRow reason={reason} most={most} usual={usual} onOpen={() => setOpened(true)} />
          </li>
        ))}
      </ol>
      <Missing record={record} />
    </section>
  );
}

/** Titles show what strangers wrote; no paragraph, as a title that is cut opens to the whole of it. */
function Sentence({ record: { outcome, score, reasons } }: { readonly record: StoredDecision }) {
  const [first, ...others] = reasons;
  return (
    <div className="sentence">
      Score {Math.round(score)}, outcome {outcome}:{' '}
      {first === undefined ? 'no rule spoke against it' : <SafeText text={first.title} />}
      {others.length > 0 && ` and ${others.length} other ${others.length === 1 ? 'reason' : 'reasons'}`}.
    </div>
  );
}

interface ReasonRowProps {
  readonly reason: Reason;
  readonly most: number;
  readonly usual: ReadonlyMap<string, UsualInput>;
  readonly onOpen: () => void;
}

function ReasonRow({ reason, most, usual, onOpen }: ReasonRowProps) {
  const share = Math.round((100 * Math.abs(reason.points)) / most);
  return (
    <details onToggle={({ currentTarget }) => currentTarget.open && onOpen()}>
      <summary>
        <span className="points">{reason.points > 0 ? `+${toTenths(reason.points)}` : toTenths(reason.points)}</span>
        <svg className="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
          <rect width={share} height="8" className={reason.points < 0 ? 'bar-for' : 'bar-against'} />
        </svg>
        <CutText text={reason.title} />
      </summary>
      <dl className="inputs">
        <dt>Rule</dt>
        <dd>
          <LinkFor roles={['author', 'reviewer']} href={`/rules/${reason.rule}`}>
            <code>{reason.rule}</code>
          </LinkFor>
        </dd>
        <dt>Reason code</dt>
        <dd>
          <code>{reason.code}</code>
        </dd>
        <dt>In words</dt>
        <dd>
          <SafeText text={reason.title} />
        </dd>
        {Object.entries(reason.evidence).map(([name, value]) => (
          <Input key={name} name={name} value={value} usual={usual.get(name)} />
        ))}
      </dl>
    </details>
  );
}

interface InputProps {
  readonly name: string;
  readonly value: string | number | boolean;
  readonly usual?: UsualInput | undefined;
}

export function Input({ name, value, usual }: InputProps) {
  return (
    <>
      <dt>
        <code>{name}</code>
      </dt>
      <dd>
        {typeof value === 'string' ? <SafeText text={value} /> : String(value)}
        {usual !== undefined && <span className="detail usual">{usualWords(usual)}</span>}
      </dd>
    </>
  );
}

/** What the decision did not know is said, never shown as zero. */
function Missing({ record }: { readonly record: StoredDecision }) {
  if (record.unknown.length === 0 && record.degraded.length === 0) return null;
  return (
    <details className="missing">
      <summary>
        {record.unknown.length} inputs were not known
        {record.degraded.length > 0 && ', and something could not be reached'}
      </summary>
      <p>{[...record.unknown, ...record.degraded].join(', ')}</p>
    </details>
  );
}
