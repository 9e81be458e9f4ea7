import { lazy, Suspense } from 'react';
import { Link } from 'wouter';
import type { CaseDetail } from '../api/types.ts';
import { Badge } from '../parts/badge.tsx';
import { SafeText } from '../parts/safe-text.tsx';
import { Empty, Loading } from '../parts/states.tsx';
import { TableHead } from '../parts/table-head.tsx';
import { When } from '../parts/time.tsx';
import { accountsWords } from '../ring/ring-words.ts';
import { may, useSession } from '../session/session.ts';

const Linked = lazy(() => import('../ring/linked.tsx').then(({ Linked: component }) => ({ default: component })));

type Sampled = CaseDetail['members'][number];

const whyWords: Readonly<Record<Sampled['why'][number], string>> = {
  first: 'among the first',
  newest: 'among the newest',
  highest_score: 'highest scores',
  verified: 'has proven itself',
  spared: 'spared when the ring was held',
};

interface RingTabProps {
  readonly found: CaseDetail;
  readonly now: number;
}

/** Who is in the ring, and how they are linked: a picture and a table. */
export function RingTab({ found, now }: RingTabProps) {
  const { role } = useSession();
  if (found.ring === null) return <Empty>This account is in no ring.</Empty>;
  return (
    <>
      <p>
        {may(role, ['reviewer']) ? <Link href={`/rings/${found.ring.id}`}>Ring {found.ring.id}</Link> : found.ring.id}{' '}
        of {found.ring.size === null ? 'an unknown number of' : accountsWords(found.ring.size)} accounts.
      </p>
      {found.members.length > 0 && <Members members={found.members} now={now} />}
      {may(role, ['reviewer']) && (
        <Suspense fallback={<Loading what="the links" />}>
          <Linked ringId={found.ring.id} />
        </Suspense>
      )}
    </>
  );
}

function Members({ members, now }: { readonly members: readonly Sampled[]; readonly now: number }) {
  return (
    <div className="scroll">
      <table>
        <caption>Accounts that tell most about it</caption>
        <TableHead columns={['Account', 'Why it is shown', 'At the gate', 'Score', 'Joined']} />
        <tbody>
          {members.map((one) => (
            <tr key={one.account_id}>
              <td>
                <SafeText text={one.account_id} limit={60} />
              </td>
              <td>{one.why.map((why) => whyWords[why]).join(', ')}</td>
              <td>
                <Badge state={one.state} />
              </td>
              <td>{one.score === null ? 'none' : Math.round(one.score)}</td>
              <td>{one.joined_at === null ? 'not in the case' : <When at={one.joined_at} now={now} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
