import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { call } from '../api/client.ts';
import type { Ruleset } from '../api/types.ts';
import { Empty, Shown } from '../parts/states.tsx';
import { When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';
import { may, useSession } from '../session/session.ts';
import { Candidate } from './candidate.tsx';
import { rulesetPath } from './kept-ruleset.ts';
import { ProblemList } from './problem-list.tsx';
import { RuleTable } from './rule-table.tsx';
import { Versions } from './versions.tsx';

export const useRules = () =>
  useQuery({ queryKey: ['rules'], queryFn: ({ signal }) => call('listRules', { signal }), refetchInterval: 30_000 });

export const useRuleset = () =>
  useQuery({ queryKey: ['ruleset'], queryFn: ({ signal }) => call('getRuleset', { signal }) });

export default function RulesPage() {
  const rules = useRules();
  const ruleset = useRuleset();
  const { role } = useSession();
  return (
    <>
      <h1>Rules</h1>
      <Shown what="the rule set" query={ruleset}>
        {(found) => <RulesetState found={found} />}
      </Shown>
      <Shown what="the rules" query={rules}>
        {({ data }) => (data.length === 0 ? <Empty>The rule set has no rules.</Empty> : <RuleTable rules={data} />)}
      </Shown>
      {may(role, ['author']) && <Candidate />}
      <Versions />
    </>
  );
}

/** Which set is in use, and what is wrong with the files, if anything. */
function RulesetState({ found }: { readonly found: Ruleset }) {
  const now = useNow();
  const { role } = useSession();
  return (
    <>
      <p>
        Version <code>{found.version}</code> with {found.rules} rules, loaded <When at={found.loaded_at} now={now} />.
        Git stays the truth: rules change there.{' '}
        {may(role, ['author']) && (
          <>
            <Link href={rulesetPath(found.hash)}>Its files</Link>,{' '}
            <Link href={`${rulesetPath(found.hash)}/change`}>try a change</Link>
          </>
        )}
      </p>
      {!found.enforced && (
        <p className="notice">Nothing is enforced: this rule set only reports, and everyone is admitted.</p>
      )}
      {found.errors.length > 0 && (
        <section role="alert" className="notice">
          <h2>The files have errors; this older set goes on</h2>
          <ProblemList problems={found.errors} />
        </section>
      )}
    </>
  );
}
