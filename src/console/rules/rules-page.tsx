import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { call } from '../api/client.ts';
import type { Rule, Ruleset } from '../api/types.ts';
import { useKeys } from '../keyboard/keys.ts';
import { Empty, Shown } from '../parts/states.tsx';
import { When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';
import { costWords, modeWords, shareWords } from './rule-words.ts';

export const useRules = () =>
  useQuery({ queryKey: ['rules'], queryFn: ({ signal }) => call('listRules', { signal }), refetchInterval: 30_000 });

const useRuleset = () => useQuery({ queryKey: ['ruleset'], queryFn: ({ signal }) => call('getRuleset', { signal }) });

interface Column {
  readonly id: string;
  readonly title: string;
  readonly value: (rule: Rule) => number | string;
}

/** What can be sorted by; numbers largest first. */
const columns: readonly Column[] = [
  { id: 'id', title: 'Rule', value: ({ id }) => id },
  { id: 'mode', title: 'Mode', value: modeWords },
  { id: 'owner', title: 'Owner', value: ({ owner }) => owner },
  { id: 'fired', title: 'Fired in 24 h', value: ({ counts }) => counts.last_24h.fired },
  { id: 'precision', title: 'Precision by labels', value: ({ evidence }) => evidence.precision.share ?? -1 },
  { id: 'honest', title: 'Honest who pay', value: ({ evidence }) => evidence.honest_pay },
  { id: 'cost', title: 'Cost', value: ({ counts }) => counts.last_24h.nanoseconds ?? -1 },
  { id: 'last', title: 'Last fired', value: ({ last_fired_at }) => last_fired_at ?? '' },
];

export default function RulesPage() {
  const rules = useRules();
  const ruleset = useRuleset();
  return (
    <>
      <h1>Rules</h1>
      <Shown what="the rule set" query={ruleset}>
        {(found) => <RulesetState found={found} />}
      </Shown>
      <Shown what="the rules" query={rules}>
        {({ data }) => (data.length === 0 ? <Empty>The rule set has no rules.</Empty> : <RuleTable rules={data} />)}
      </Shown>
    </>
  );
}

/** Which set is in use, and what is wrong with the files, if anything. */
function RulesetState({ found }: { readonly found: Ruleset }) {
  const now = useNow();
  return (
    <>
      <p>
        Version <code>{found.version}</code> with {found.rules} rules, loaded <When at={found.loaded_at} now={now} />.
        Git stays the truth: rules change there.
      </p>
      {!found.enforced && (
        <p className="notice">Nothing is enforced: this rule set only reports, and everyone is admitted.</p>
      )}
      {found.errors.length > 0 && (
        <section role="alert" className="notice">
          <h2>The files have errors; this older set goes on</h2>
          <ul>
            {found.errors.map(({ code, file, line, column, message }) => (
              <li key={`${file}:${line}:${column} ${code}`}>
                <code>
                  {file}:{line}:{column}
                </code>{' '}
                {code}: {message}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function RuleTable({ rules }: { readonly rules: readonly Rule[] }) {
  const now = useNow();
  const [, go] = useLocation();
  const [sortBy, setSortBy] = useState('fired');
  const [text, setText] = useState('');
  const [current, setCurrent] = useState(0);
  const shown = sorted(rules, sortBy).filter((rule) =>
    `${rule.id} ${rule.owner} ${modeWords(rule)} ${rule.title}`.includes(text),
  );
  useKeys([
    { keys: 'j', does: 'next rule', run: () => setCurrent(Math.min(shown.length - 1, current + 1)) },
    { keys: 'k', does: 'rule before', run: () => setCurrent(Math.max(0, current - 1)) },
    { keys: 'Enter', does: 'open the rule', run: () => go(`/rules/${shown[current]?.id ?? ''}`) },
  ]);
  return (
    <>
      <label className="filter">
        Filter <input type="search" value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              {columns.map(({ id, title }) => (
                <th
                  key={id}
                  scope="col"
                  aria-sort={id === sortBy ? (id === 'id' ? 'ascending' : 'descending') : 'none'}
                >
                  <button type="button" className="sort" onClick={() => setSortBy(id)}>
                    {title} {id === sortBy && <span aria-hidden="true">▾</span>}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((rule, index) => (
              <tr key={rule.id} className={index === current ? 'current' : undefined}>
                <td>
                  <Link href={`/rules/${rule.id}`}>{rule.id}</Link>
                </td>
                <td>{modeWords(rule)}</td>
                <td>{rule.owner}</td>
                <td>{rule.counts.last_24h.fired}</td>
                <td>{shareWords(rule.evidence.precision)}</td>
                <td>{rule.evidence.honest_pay}</td>
                <td>{costWords(rule.counts.last_24h.nanoseconds)}</td>
                <td>{rule.last_fired_at === null ? 'never' : <When at={rule.last_fired_at} now={now} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function sorted(rules: readonly Rule[], by: string): readonly Rule[] {
  const value = columns.find(({ id }) => id === by)?.value ?? (({ id }: Rule) => id);
  const compare = (a: number | string, b: number | string): number =>
    typeof a === 'number' && typeof b === 'number'
      ? b - a
      : by === 'id'
        ? String(a).localeCompare(String(b))
        : String(b).localeCompare(String(a));
  return [...rules].sort((a, b) => compare(value(a), value(b)));
}
