import { useQuery } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import type { CaseDetail, ListedAppeal } from '../api/types.ts';
import { KeyName } from '../parts/key-name.tsx';
import { SafeText } from '../parts/safe-text.tsx';
import { wordsOf } from '../parts/states.tsx';
import { When } from '../parts/time.tsx';
import { may, useSession } from '../session/session.ts';

/** What the accounts of a case said for themselves; asked for only where somebody did. */
export function useAppeals({ id, appealed_at }: CaseDetail) {
  const { key_id: me, role } = useSession();
  const { data, error } = useQuery({
    queryKey: ['case', id, 'appeals', appealed_at],
    queryFn: ({ signal }) => call('listAppeals', { query: { case_id: id }, signal }),
    enabled: appealed_at !== null && may(role, ['reviewer', 'privacy']),
  });
  /** Whoever looks decided about the account: its appeal is for another person. */
  const isBarred = data?.data.some((one) => one.status === 'open' && one.barred_actor === me) === true;
  return { data, error, isBarred };
}

interface AppealsProps {
  readonly asked: ReturnType<typeof useAppeals>;
  readonly now: number;
}

/** Written by strangers: text only. */
export function Appeals({ asked, now }: AppealsProps) {
  const { data, error } = asked;
  if (error !== null)
    return (
      <p className="notice" role="status">
        This account appealed; what it said could not be had: {wordsOf(error)}.
      </p>
    );
  if (data === undefined || data.data.length === 0) return null;
  return (
    <section aria-labelledby="appeals">
      <h2 id="appeals">Appeal</h2>
      {data.data.map((appeal) => (
        <Said key={appeal.id} appeal={appeal} now={now} />
      ))}
    </section>
  );
}

function Said({ appeal, now }: { readonly appeal: ListedAppeal; readonly now: number }) {
  const me = useSession().key_id;
  return (
    <article>
      <p className="quiet">
        <SafeText text={appeal.account_id} limit={60} /> wrote <When at={appeal.appealed_at} now={now} />
        {appeal.status !== 'open' && `, and was ${appeal.status}`}
      </p>
      {appeal.message === null ? (
        <p>What was said has been erased.</p>
      ) : (
        <blockquote className="said">
          <SafeText text={appeal.message} limit={4000} hasLines />
        </blockquote>
      )}
      {appeal.barred_actor !== null && appeal.status === 'open' && (
        <p className="notice">
          {appeal.barred_actor === me ? (
            'You decided about this account: its appeal is for another person.'
          ) : (
            <>
              For another person than <KeyName id={appeal.barred_actor} />, who decided about this account.
            </>
          )}
        </p>
      )}
    </article>
  );
}
