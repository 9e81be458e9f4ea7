import { useQuery } from '@tanstack/react-query';
import { useParams } from 'wouter';
import { call } from '../api/client.ts';
import type { CaseDetail } from '../api/types.ts';
import { Badge } from '../parts/badge.tsx';
import { KeyName } from '../parts/key-name.tsx';
import { SafeText, spelledOut } from '../parts/safe-text.tsx';
import { Shown } from '../parts/states.tsx';
import { Deadline } from '../parts/time.tsx';
import { useArrival } from '../parts/use-arrival.ts';
import { useNow } from '../parts/use-now.ts';
import { useTitle } from '../parts/use-title.ts';
import { Appeals, useAppeals } from './appeals.tsx';
import { AtTheGate } from './at-the-gate.tsx';
import { CaseTabs } from './case-tabs.tsx';
import { Work } from './case-work.tsx';
import { Why } from './why.tsx';

const kindOf = ({ whole_ring }: CaseDetail): string => (whole_ring ? 'Ring case' : 'Case');

export default function CasePage() {
  const { id = '' } = useParams<{ id: string }>();
  const query = useQuery({
    queryKey: ['case', id],
    queryFn: ({ signal }) => call('getCase', { params: { id }, signal }),
  });
  useTitle(query.data === undefined ? 'Case' : `${kindOf(query.data)} of ${spelledOut(query.data.account_id, 60)}`);
  return (
    <Shown title="Case" what="the case" query={query}>
      {(found) => <OpenCase key={found.id} found={found} />}
    </Shown>
  );
}

function OpenCase({ found }: { readonly found: CaseDetail }) {
  const now = useNow();
  const appeals = useAppeals(found);
  return (
    <article className="case">
      <Head found={found} now={now} />
      <div className="case-body">
        <div>
          <Appeals asked={appeals} now={now} />
          <Why found={found} />
        </div>
        <Work found={found} isBarred={appeals.isBarred} />
        <CaseTabs found={found} now={now} />
      </div>
    </article>
  );
}

function Head({ found, now }: { readonly found: CaseDetail; readonly now: number }) {
  const heading = useArrival();
  return (
    <header className="case-head">
      <h1 ref={heading} tabIndex={-1}>
        {kindOf(found)} of <SafeText text={found.account_id} limit={60} />
      </h1>
      <p>
        <Badge state={found.state} /> priority {Math.round(found.priority)}, score {Math.round(found.score)}, due{' '}
        <Deadline at={found.due_at} now={now} />
        {found.escalated && <span className="badge chip">for a senior</span>}
        {found.assigned_to !== null && (
          <span className="badge chip">
            for <KeyName id={found.assigned_to} />
          </span>
        )}
      </p>
      <p className="gate">
        <AtTheGate found={found} />
      </p>
    </header>
  );
}
