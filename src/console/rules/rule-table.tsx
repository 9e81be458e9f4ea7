import { useRef, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import type { Rule } from '../api/types.ts';
import { useKeys } from '../keyboard/keys.ts';
import { Empty } from '../parts/states.tsx';
import { useNow } from '../parts/use-now.ts';
import { type Column, columns, type Direction, firstDirection, sortedBy } from './rule-columns.tsx';
import { modeWords } from './rule-words.ts';

const usualColumn = 'fired';

/** All rules; filter and order live in the address. */
export function RuleTable({ rules }: { readonly rules: readonly Rule[] }) {
  const now = useNow();
  const [, go] = useLocation();
  const view = useView(rules);
  const [current, setCurrent] = useState(0);
  const filter = useRef<HTMLInputElement>(null);
  const { shown } = view;
  useKeys([
    { keys: 'j', does: 'next rule', run: () => setCurrent(Math.min(shown.length - 1, current + 1)) },
    { keys: 'k', does: 'rule before', run: () => setCurrent(Math.max(0, current - 1)) },
    { keys: 'Enter', does: 'open the rule', run: () => go(`/rules/${shown[current]?.id ?? ''}`) },
    { keys: '/', does: 'filter', run: () => filter.current?.focus() },
  ]);
  return (
    <>
      <label className="filter">
        Filter{' '}
        <input
          ref={filter}
          type="search"
          value={view.text}
          onChange={(event) => {
            setCurrent(0);
            view.setText(event.target.value);
          }}
        />
      </label>
      {shown.length === 0 && <Empty>No rule matches the filter.</Empty>}
      <div className="scroll">
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <ColumnHead key={column.id} column={column} view={view} />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((rule, index) => (
              <tr key={rule.id} className={index === current ? 'current' : undefined}>
                {columns.map(({ id, cell }) => (
                  <td key={id}>{cell(rule, now)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface View {
  readonly shown: readonly Rule[];
  readonly text: string;
  setText(text: string): void;
  readonly column: Column | undefined;
  readonly direction: Direction;
  /** The same column again turns the order around. */
  sortBy(column: Column): void;
}

function useView(rules: readonly Rule[]): View {
  const [search, setSearch] = useSearchParams();
  const text = search.get('filter') ?? '';
  const wanted = search.get('sort') ?? usualColumn;
  const column = columns.find(({ id }) => id === wanted);
  const direction = directionOf(search.get('order')) ?? (column ? firstDirection(column, rules) : 'ascending');
  const matching = rules.filter((rule) =>
    `${rule.id} ${rule.owner} ${rule.family} ${modeWords(rule)} ${rule.title}`
      .toLowerCase()
      .includes(text.toLowerCase()),
  );
  const set = (values: Readonly<Record<string, string>>): void =>
    setSearch({ ...Object.fromEntries(search), ...values }, { replace: true });
  return {
    shown: column === undefined ? matching : sortedBy(matching, column, direction),
    text,
    setText: (value) => set({ filter: value }),
    column,
    direction,
    sortBy: (next) =>
      set({ sort: next.id, order: next.id === column?.id ? turned[direction] : firstDirection(next, rules) }),
  };
}

const turned: Readonly<Record<Direction, Direction>> = { ascending: 'descending', descending: 'ascending' };

const directionOf = (text: string | null): Direction | undefined =>
  text === 'ascending' || text === 'descending' ? text : undefined;

function ColumnHead({ column, view }: { readonly column: Column; readonly view: View }) {
  const isSorted = column.id === view.column?.id;
  return (
    <th scope="col" aria-sort={isSorted ? view.direction : 'none'}>
      <button type="button" className="sort" onClick={() => view.sortBy(column)}>
        {column.title} {isSorted && <span aria-hidden="true">{view.direction === 'ascending' ? '▴' : '▾'}</span>}
      </button>
    </th>
  );
}
