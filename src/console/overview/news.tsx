import type { Overview } from '../api/types.ts';
import { LinkFor } from '../parts/link-for.tsx';
import { When } from '../parts/time.tsx';
import { accountsWords } from '../ring/ring-words.ts';
import { percent, wordsOfMissing } from './overview-words.ts';

interface NewsProps {
  readonly found: Overview;
  readonly now: number;
}

/** What a person should know before anything else. */
export function News({ found, now }: NewsProps) {
  const { growing_rings: rings, jumped_rules: rules, degraded_periods: degraded, rulesets } = found;
  const isQuiet = rings.length + rules.length + degraded.length + found.provisional_accounts + rulesets.length === 0;
  return (
    <section aria-labelledby="news">
      <h2 id="news">What is new</h2>
      <ul>
        <Degraded found={found} />
        {rings.map(({ id, size, growth_1h }) => (
          <li key={id}>
            Ring{' '}
            <LinkFor roles={['reviewer']} href={`/rings/${id}`}>
              <code>{id}</code>
            </LinkFor>{' '}
            grows: {accountsWords(growth_1h)} of its {accountsWords(size)} accounts joined in the last hour.
          </li>
        ))}
        {rules.map(({ rule, fired, evaluated, usual_share }) => (
          <li key={rule}>
            Rule{' '}
            <LinkFor roles={['author', 'reviewer']} href={`/rules/${rule}`}>
              <code>{rule}</code>
            </LinkFor>{' '}
            fired on {percent(fired / evaluated)} of the last {evaluated} events; the day before it was{' '}
            {percent(usual_share)}.
          </li>
        ))}
        {rulesets.map(({ hash, version, at }) => (
          <li key={hash}>
            Rule set{' '}
            <LinkFor roles={['author']} href={`/rulesets/${encodeURIComponent(hash)}`}>
              <code>{version}</code>
            </LinkFor>{' '}
            came into use <When at={at} now={now} />.
          </li>
        ))}
        {isQuiet && <li>Nothing out of the ordinary.</li>}
      </ul>
    </section>
  );
}

const clock = (at: string): string => new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

function Degraded({ found: { degraded_periods, provisional_accounts } }: { readonly found: Overview }) {
  return (
    <>
      {degraded_periods.map(({ from, to, decisions, missing }) => (
        <li key={from}>
          From <time dateTime={from}>{clock(from)}</time> to <time dateTime={to}>{clock(to)}</time> on{' '}
          {new Date(from).toLocaleDateString()}, {decisions === 1 ? 'a decision' : `${decisions} decisions`} had to do
          without: {wordsOfMissing(missing)}.
        </li>
      ))}
      {provisional_accounts > 0 && (
        <li>
          {provisional_accounts === 1
            ? 'One account rests on a decision'
            : `${provisional_accounts} accounts rest on decisions`}{' '}
          that missed something; that is judged again by itself.
        </li>
      )}
    </>
  );
}
