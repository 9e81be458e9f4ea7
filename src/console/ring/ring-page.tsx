import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import { call } from '../api/client.ts';
import type { RingDetail, RingMember, RingStatistics } from '../api/types.ts';
import { Badge } from '../parts/badge.tsx';
import { More } from '../parts/more.tsx';
import { SafeText, spelledOut } from '../parts/safe-text.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { TableHead } from '../parts/table-head.tsx';
import { When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';
import { may, useSession } from '../session/session.ts';
import { DecideRing } from './decide-ring.tsx';
import { Linked } from './linked.tsx';
import { RingBatches } from './ring-batches.tsx';
import { RingHubs } from './ring-hubs.tsx';
import { accountsWords, networksWords } from './ring-words.ts';
import { percent } from './rings-page.tsx';
import { type Excluded, useExcluded } from './use-excluded.ts';

export default function RingPage() {
  const { id = '' } = useParams<{ id: string }>();
  const ring = useQuery({
    queryKey: ['ring', id],
    queryFn: ({ signal }) => call('getRing', { params: { id }, signal }),
  });
  return (
    <Shown title="Ring" what="the ring" query={ring}>
      {(found) => <OpenRing key={found.id} found={found} />}
    </Shown>
  );
}

function OpenRing({ found }: { readonly found: RingDetail }) {
  const now = useNow();
  const excluded = useExcluded(found.id);
  const { role } = useSession();
  const decides = may(role, ['senior']);
  return (
    <article>
      <h1>
        Ring <code>{found.id}</code>
      </h1>
      <p>
        {accountsWords(found.size)} accounts, {found.state === 'detected' ? 'found out' : found.state}; first seen{' '}
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
      {found.size > membersCompared && <p>Of its oldest {membersCompared.toLocaleString('en')} accounts:</p>}
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

/** As many as the service looks at for what they share. */
const membersCompared = 1000;

/** The statistics, in words. */
const words: Readonly<Record<keyof RingStatistics, (value: number) => string>> = {
  growth_1h: (value) => `${accountsWords(value)} new in the last hour`,
  age_h: (value) => `${Math.round(value)} hours old`,
  strong_links: (value) => `${value} strong links`,
  families: (value) => `${value} kinds of links`,
  distinct_prefixes: (value) => `${networksWords(value)} networks`,
  distinct_asns: (value) => `${networksWords(value)} providers`,
  held_share: (value) => `${percent(value)} held`,
  fraud_labels: (value) => `${accountsWords(value)} labelled fraud`,
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
  const members = useInfiniteQuery({
    queryKey: ['ring', found.id, 'members'],
    initialPageParam: '',
    queryFn: ({ pageParam: cursor, signal }) =>
      call('listRingMembers', { params: { id: found.id }, query: { limit: membersAtOnce, cursor }, signal }),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  return (
    <section aria-labelledby="members">
      <h2 id="members">Members</h2>
      <Shown what="the members" query={members}>
        {({ pages }) => {
          const rows = pages.flatMap(({ data }) => data);
          return (
            <>
              <p role="status">
                {rows.length.toLocaleString('en')} of {accountsWords(found.size)} are shown, the oldest first.
              </p>
              <MemberTable rows={rows} now={now} excluded={excluded} />
            </>
          );
        }}
      </Shown>
      <More query={members} />
    </section>
  );
}

const membersAtOnce = 100;

interface MemberTableProps extends Omit<MembersProps, 'found'> {
  readonly rows: readonly RingMember[];
}

function MemberTable({ rows, now, excluded }: MemberTableProps) {
  return (
    <div className="scroll">
      <table>
        <TableHead
          columns={[
            ...['Account', 'At the gate', 'Verified', 'Joined'],
            ...(excluded === undefined ? [] : ['Left out of a decision']),
          ]}
        />
        <tbody>
          {rows.map((member) => (
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
                    aria-label={`Exclude ${spelledOut(member.account_id, 60)}`}
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
  );
}
