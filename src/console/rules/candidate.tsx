import { useQuery } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { TableHead } from '../parts/table-head.tsx';

/** Another whole rule set that judges along (`CANDIDATE_RULES_DIR`), and what would be otherwise with it. Nothing without one. */
export function Candidate() {
  const trial = useQuery({
    queryKey: ['rules', 'trial'],
    queryFn: ({ signal }) => call('listRulesOnTrial', { signal }),
    refetchInterval: 60_000,
  });
  const found = trial.data?.candidate;
  if (found === undefined || found === null) return null;
  const { ruleset, decisions, changes, newly_held: held, newly_limited: limited, honest_pay: honest } = found;
  return (
    <section aria-labelledby="candidate">
      <h2 id="candidate">The candidate</h2>
      <p>
        Rule set <code>{ruleset}</code> judges along, and changes nothing. Of {decisions} decisions of the last seven
        days it would have held {held} more and limited {limited} more; {honest} of the accounts behind them are
        labelled honest.
      </p>
      {changes.length > 0 && (
        <table>
          <TableHead columns={['Decided', 'The candidate says', 'Decisions']} />
          <tbody>
            {changes.map(({ from, to, decisions: count }) => (
              <tr key={`${from} ${to}`}>
                <td>{from}</td>
                <td>{to}</td>
                <td>{count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
