import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { call } from '../api/client.ts';
import type { RingDetail, RingStatistics } from '../api/types.ts';
import { Badge } from '../parts/badge.tsx';
import { SafeText } from '../parts/safe-text.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { TableHead } from '../parts/table-head.tsx';
import { When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';
import { may, useSession } from '../session/session.ts';
import { DecideRing } from './decide-ring.tsx';
import { Linked } from './linked.tsx';
import { RingBatches } from './ring-batches.tsx';
import { RingHubs } from './ring-hubs.tsx';
import { percent } from './rings-page.tsx';
import { type Excluded, useExcluded } from './use-excluded.ts';

export default function RingPage() {
  const { id = '' } = useParams<{ id: string }>();
  const ring = useQuery({
    queryKey: ['ring', id],
    queryFn: ({ signal }) => call('getRing', { params: { id }, signal }),
  });
  return (
    <Shown what="the ring" query={ring}>
      {(found) => <OpenRing key={found.id} found={found} />}
    </Shown>
  );
}

function OpenRing({ found }: { readonly found: RingDetail }) {
  const now = useNow();
  const excluded = useExcluded();
  const { role } = useSession();
  const decides = may(role, ['senior']);
  return (
    <article>
      <h1>
        Ring <code>{found.id}</code>
      </h1>
      <p>
        {found.size} accounts, {found.state === 'detected' ? 'found out' : found.state}; first seen{' '}
        <When at={found.first_seen_at} now={now} />, changed <When at={found.changed_at} now={now} />.
        {found.case_id !== null && (
          <>
            {' '}
            <Link href={`/cases/${found.case_id}`}>Its case</Link>
          </>
        )}
      </p>
      <Statistics statistics={found.statistics} />
      <h2>What they share</h2>
      {found.reasons.length === 0 ? (
        <Empty>Nothing they share is on record any more.</Empty>
      ) : (
        <ul>
          {found.reasons.map(({ link, keys, accounts }) => (
            <li key={link}>
              <strong>{link}</strong>: {accounts} accounts by {keys} {keys === 1 ? 'value' : 'different values'}
            </li>
          ))}
        </ul>
      )}
      <div className="ring-body">
        <Linked ringId={found.id} />
        <aside aria-label="Decide about this ring">
          {decides && found.state !== 'dissolved' && <DecideRing ringId={found.id} excluded={excluded} />}
          <RingBatches ringId={found.id} now={now} />
        </aside>
      </div>
      <RingHubs ringId={found.id} now={now} />
      <Members found={found} now={now} excluded={decides ? excluded : undefined} />
    </article>
  );
}

/** The statistics, in words. */
const words: Readonly<Record<keyof RingStatistics, (value: number) => string>> = {
  growth_1h: (value) => `${value} new in the last hour`,
  age_h: (value) => `${Math.round(value)} hours old`,
  strong_links: (value) => `${value} strong links`,
  families: (value) => `${value} kinds of links`,
  distinct_prefixes: (value) => `${value} networks`,
  distinct_asns: (value) => `${value} providers`,
  held_share: (value) => `${percent(value)} held`,
  fraud_labels: (value) => `${value} labelled fraud`,
  verified_share: (value) => `${percent(value)} verified`,
  purity: (value) => `${percent(value)} of one pattern`,
};

function Statistics({ statistics }: { readonly statistics: RingStatistics | null }) {
  if (statistics === null) return <Empty>No statistics are known yet.</Empty>;
  return (
    <ul className="chips">
      {Object.entries(words).map(([name, say]) => (
        <li key={name}>{say(statistics[name as keyof RingStatistics])}</li>
      ))}
    </ul>
  );
}

interface MembersProps {
  readonly found: RingDetail;
  readonly now: number;
  /** Of those who may decide. */
  readonly excluded: Excluded | undefined;
}

function Members({ found, now, excluded }: MembersProps) {
  const [shown, setShown] = useState(100);
  return (
    <section aria-labelledby="members">
      <h2 id="members">Members</h2>
      <div className="scroll">
        <table>
          <TableHead
            columns={[
              ...['Account', 'At the gate', 'Verified', 'Joined'],
              ...(excluded === undefined ? [] : ['Left out of a decision']),
            ]}
          />
          <tbody>
            {found.members.slice(0, shown).map((member) => (
              <tr key={member.account_id}>
                <td>
                  <SafeText text={member.account_id} limit={60} />
                </td>
                <td>
                  <Badge state={member.state} />
                </td>
                <td>{member.verified ? 'yes' : 'no'}</td>
                <td>
                  <When at={member.joined_at} now={now} />
                </td>
                {excluded !== undefined && (
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`Exclude ${member.account_id}`}
                      checked={excluded.ids.includes(member.account_id)}
                      onChange={() => excluded.toggle(member.account_id)}
                    />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {found.members.length > shown && (
        <button type="button" onClick={() => setShown(shown + 500)}>
          Show more ({found.members.length - shown} left)
        </button>
      )}
    </section>
  );
}
