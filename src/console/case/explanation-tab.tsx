import { useQuery } from '@tanstack/react-query';
import { toTenths } from '../../model/points.ts';
import { call } from '../api/client.ts';
import type { Explanation, OutcomeExplanation, RuleExplanation } from '../api/types.ts';
import { SafeText } from '../parts/safe-text.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { TableHead } from '../parts/table-head.tsx';

/** How the decision came about, rule by rule and leaf by leaf, with the rules of then. */
export function ExplanationTab({ decisionId }: { readonly decisionId: string | null }) {
  const query = useQuery({
    queryKey: ['explanation', decisionId],
    enabled: decisionId !== null,
    // What was decided does not change.
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => call('explainDecision', { params: { id: decisionId ?? '' }, query: {}, signal }),
  });
  if (decisionId === null) return <Empty>No decision stands behind this case.</Empty>;
  return (
    <Shown what="the explanation" query={query}>
      {(found) => <Explained found={found} />}
    </Shown>
  );
}

function Explained({ found }: { readonly found: Explanation }) {
  const fired = found.rules.filter(({ result }) => result === 'fires');
  const others = found.rules.filter(({ result }) => result !== 'fires');
  return (
    <>
      <p>
        With rule set <code>{found.ruleset.version}</code>
        {found.ruleset.of === 'then' ? ', the one of then.' : ', the one in use now.'}
      </p>
      {found.evidence.notes.map((note) => (
        <p key={note} className="notice">
          {note}
        </p>
      ))}
      <OutcomeWords outcome={found.outcome} />
      <h3>Rules that fired</h3>
      {fired.length === 0 ? <Empty>None.</Empty> : fired.map((rule) => <RuleLeaves key={rule.id} rule={rule} isOpen />)}
      <h3>Rules that did not</h3>
      {others.map((rule) => (
        <RuleLeaves key={rule.id} rule={rule} />
      ))}
    </>
  );
}

function OutcomeWords({ outcome }: { readonly outcome: OutcomeExplanation }) {
  return (
    <>
      <p>
        Outcome <strong>{outcome.outcome}</strong>, score {Math.round(outcome.score)}: limit from{' '}
        {outcome.thresholds.limit}, hold from {outcome.thresholds.hold} with evidence of {outcome.hold_needs_families}{' '}
        families (here {outcome.evidence_families}).
        {!outcome.enforced && ' Nothing was enforced: the rule set only reports.'}
      </p>
      <Bounds outcome={outcome} />
      <table>
        <TableHead columns={['Family', 'Points', 'Counted', 'Rules']} />
        <tbody>
          {outcome.families.map(({ family, points, counted, cap, rules }) => (
            <tr key={family}>
              <td>{family}</td>
              <td>{toTenths(points)}</td>
              <td>
                {toTenths(counted)}
                {cap !== undefined && counted < points && ` (at most ${cap})`}
              </td>
              <td>{rules.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** What bounds the outcome whatever the points, and the smallest change that would have turned it. */
function Bounds({ outcome }: { readonly outcome: OutcomeExplanation }) {
  const { floors, ceilings, overruled_by: overruling, confirmed_fraud: confirmed, lower, raise } = outcome;
  const bounds = [
    ...ceilings.map(
      ({ at_most, rule }) => `At most ${at_most}, says ${rule}${rule === overruling ? ': it decided' : ''}.`,
    ),
    ...floors.map(({ at_least, rule, unavailable }) =>
      rule === undefined
        ? `At least ${at_least}, as ${unavailable} could not be had.`
        : `At least ${at_least}, says ${rule}.`,
    ),
    ...confirmed.map((rule) => `${rule} rests on an account known to be fraudulent: one family is enough to hold.`),
    ...[...lower.slice(0, 2), ...raise.slice(0, 2)].map(turnWords),
  ];
  if (bounds.length === 0) return null;
  return (
    <ul>
      {bounds.map((words) => (
        <li key={words}>{words}</li>
      ))}
    </ul>
  );
}

function turnWords({ without, available, with: more, outcome, score }: OutcomeExplanation['lower'][number]): string {
  const parts = [
    ...(without === undefined ? [] : [`without ${without.join(' and ')}`]),
    ...(available === undefined ? [] : [`had ${available.join(' and ')} been there`]),
    ...(more === undefined ? [] : [`with ${more.join(' and ')} too`]),
  ];
  const [first = '', ...rest] = parts.join(', ');
  return `${first.toUpperCase()}${rest.join('')} it would be ${outcome}, score ${Math.round(score)}.`;
}

const marks = { true: '✓ true', false: '✕ false', null: '? unknown' } as const;

function RuleLeaves({ rule, isOpen = false }: { readonly rule: RuleExplanation; readonly isOpen?: boolean }) {
  return (
    <details open={isOpen} className="rule-leaves">
      <summary>
        <code>{rule.id}</code> {rule.result}
        {rule.result === 'fires' && `, ${toTenths(rule.points)} points`}
        {rule.result === 'fires' && rule.effect !== 'counts' && ` (without effect: ${rule.effect})`}
      </summary>
      <ul>
        {rule.leaves.map(({ text, result, values }) => (
          <li key={text}>
            <strong>{marks[String(result) as keyof typeof marks]}</strong> <code>{text}</code>
            {Object.entries(values).map(([name, value]) => (
              <span key={name} className="detail">
                {name}: {value === null ? 'missing' : <SafeText text={String(value)} limit={120} />}
              </span>
            ))}
          </li>
        ))}
      </ul>
      {rule.flip !== undefined && (
        <div className="hint">
          Would turn with
          {rule.flip.map(({ name, from, to }) => (
            <span key={name} className="detail">
              {name}: {from === null ? 'missing' : <SafeText text={String(from)} limit={120} />} →{' '}
              <SafeText text={String(to)} limit={120} />
            </span>
          ))}
        </div>
      )}
    </details>
  );
}
