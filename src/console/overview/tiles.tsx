import type { ReactNode } from 'react';
import type { Overview } from '../api/types.ts';
import { LinkFor } from '../parts/link-for.tsx';
import { spanWords } from '../parts/time.tsx';
import { countsOf, paceWords, percent, round } from './overview-words.ts';

interface TilesProps {
  readonly found: Overview;
  readonly now: number;
  /** Of which time: `the last hour`. */
  readonly words: string;
}

export function Tiles({ found, now, words }: TilesProps) {
  const { total, ...counts } = countsOf(found);
  const share = (count: number): string => (total === 0 ? 'none' : percent(count / total));
  return (
    <ul className="tiles">
      <Tile title="Signups a minute" value={round(found.signups_per_minute)}>
        {paceWords(found)}
      </Tile>
      <Tile title="Admitted" value={share(counts.allow)}>
        {counts.allow} of {signups(total)} in {words}
      </Tile>
      <Tile title="Limited" value={share(counts.limit)}>
        {signups(counts.limit)}
      </Tile>
      <Tile title="Held" value={share(counts.hold)}>
        {signups(counts.hold)}
      </Tile>
      <Tile title="Denied" value={share(counts.deny)}>
        {signups(counts.deny)}
      </Tile>
      <Tile title="Cases waiting" value={String(found.cases.open)}>
        <Waiting found={found} now={now} />
      </Tile>
      <Tile
        title="Precision, 7 days"
        value={found.precision.share === null ? 'not known' : percent(found.precision.share)}
      >
        <Precision found={found} />
      </Tile>
    </ul>
  );
}

const signups = (count: number): string => (count === 1 ? '1 signup' : `${count} signups`);

interface TileProps {
  readonly title: string;
  readonly value: string;
  readonly children?: ReactNode;
}

function Tile({ title, value, children }: TileProps) {
  return (
    <li className="tile">
      <span className="tile-title">{title}</span>
      <strong className="tile-value">{value}</strong>
      <span className="hint">{children}</span>
    </li>
  );
}

function Waiting({ found: { cases }, now }: { readonly found: Overview; readonly now: number }) {
  if (cases.open === 0) return 'Nobody waits';
  return (
    <LinkFor roles={['worker', 'reviewer']} href="/queue">
      {cases.late > 0 ? `${cases.late} late` : 'None is late'}
      {cases.oldest_at !== null && `, the oldest waits for ${spanWords(now - Date.parse(cases.oldest_at))}`}
    </LinkFor>
  );
}

function Precision({ found: { precision } }: { readonly found: Overview }) {
  const { count, of, low, high, share } = precision;
  if (share === null) return 'No held account got a label yet';
  return `${count} of ${of} held accounts with a label were fraud; likely ${percent(low)} to ${percent(high)}`;
}
