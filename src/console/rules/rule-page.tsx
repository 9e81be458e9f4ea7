import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import { call } from '../api/client.ts';
import type { Rule } from '../api/types.ts';
import { SafeText } from '../parts/safe-text.tsx';
import { NotThere, notDone, Shown } from '../parts/states.tsx';
import { TableHead } from '../parts/table-head.tsx';
import { When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';
import { may, useSession } from '../session/session.ts';
import { CountsTable, Evidence } from './rule-figures.tsx';
import { RuleSource } from './rule-source.tsx';
import { modeWords } from './rule-words.ts';
import { useRules } from './rules-page.tsx';

export default function RulePage() {
  const { id = '' } = useParams<{ id: string }>();
  const rules = useRules();
  return (
    <Shown title="Rule" what="the rule" query={rules}>
      {({ data }) => {
        const rule = data.find((one) => one.id === id);
        return rule === undefined ? (
          <NotThere title="There is no such rule">
            There is no rule <code>{id}</code> in the set that is in use. <Link href="/rules">All rules</Link>
          </NotThere>
        ) : (
          <OneRule rule={rule} />
        );
      }}
    </Shown>
  );
}

function OneRule({ rule }: { readonly rule: Rule }) {
  const now = useNow();
  const { role } = useSession();
  return (
    <article>
      <h1>
        Rule <code>{rule.id}</code>
      </h1>
      <p>
        <SafeText text={rule.title} />
      </p>
      <dl className="inputs">
        <dt>Mode</dt>
        <dd>
          {modeWords(rule)}, since <When at={rule.mode_since} now={now} />
        </dd>
        <dt>Family</dt>
        <dd>{rule.family}</dd>
        <dt>Looks at</dt>
        <dd>{rule.on.join(', ')}</dd>
        <dt>Fires when</dt>
        <dd>
          <code>{rule.when}</code>
        </dd>
        <dt>Points</dt>
        <dd>
          <code>{rule.points}</code>
          {rule.at_least !== null && `, at least ${rule.at_least}`}
          {rule.at_most !== null && `, at most ${rule.at_most}`}
        </dd>
        <dt>Owner</dt>
        <dd>{rule.owner}</dd>
        <dt>Written in</dt>
        <dd>
          <code>
            {rule.file}:{rule.line}
          </code>
        </dd>
      </dl>
      <Fuse rule={rule} />
      <h2>What it did</h2>
      <CountsTable rule={rule} />
      <h2>What it is worth</h2>
      <Evidence rule={rule} />
      <Exceptions rule={rule} />
      {may(role, ['author']) && <RuleSource rule={rule} />}
    </article>
  );
}

/** A rule that fired far too often, and the way back once somebody has looked. */
function Fuse({ rule }: { readonly rule: Rule }) {
  const { role } = useSession();
  const client = useQueryClient();
  const reset = useMutation({
    mutationFn: () => call('resetFuse', { params: { id: rule.id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['rules'] }),
  });
  const { fuse_blown: blown } = rule;
  if (blown === null) return null;
  return (
    <section role="alert" className="notice">
      <p>
        Its fuse blew at {new Date(blown.blown_at).toLocaleString()}: it fired on {blown.hits} of {blown.events} events,
        and counts for nothing until somebody has looked.
      </p>
      {may(role, ['author']) && (
        <button type="button" disabled={reset.isPending} onClick={() => reset.mutate()}>
          I have looked: let it count again
        </button>
      )}
      {reset.isError && <p className="form-problem">{notDone('Not reset', reset.error)}</p>}
    </section>
  );
}

function Exceptions({ rule }: { readonly rule: Rule }) {
  if (rule.exceptions.length === 0) return null;
  return (
    <section aria-labelledby="exceptions">
      <h2 id="exceptions">Exceptions</h2>
      <table>
        <TableHead columns={['Why', 'Owner', 'Last day', 'Used']} />
        <tbody>
          {rule.exceptions.map((one) => (
            <tr key={`${one.why} ${one.until}`}>
              <td>
                <SafeText text={one.why} />
              </td>
              <td>{one.owner}</td>
              <td>
                {one.last_day}
                {one.expired && ' (expired)'}
              </td>
              <td>{one.uses} times</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
