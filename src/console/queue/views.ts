import type { Operations } from '../api/types.ts';
import { accountIdExpected, isAccountIdLength } from '../parts/account-id.ts';

type Filter = NonNullable<Operations['listCases']['query']>;
export type Workload = Operations['getWorkload']['reply'];

export interface View {
  readonly id: string;
  readonly title: string;
  readonly filter: Filter;
  readonly none: string;
  /** How many there are, where the workload counts them. */
  readonly count?: keyof Workload['views'];
}

/** The registry of saved views. */
export const views: readonly View[] = [
  {
    id: 'unclaimed',
    title: 'Unclaimed',
    filter: { view: 'unclaimed' },
    none: 'No case is waiting.',
    count: 'unclaimed',
  },
  { id: 'mine', title: 'Mine', filter: { view: 'mine' }, none: 'You have no case.', count: 'mine' },
  { id: 'due', title: 'Due soon', filter: { view: 'due', sort: 'due_at' }, none: 'Nothing is due.', count: 'due' },
  { id: 'rings', title: 'Rings', filter: { view: 'rings' }, none: 'No ring is waiting.', count: 'rings' },
  { id: 'appeals', title: 'Appeals', filter: { view: 'appeals' }, none: 'Nobody has appealed.', count: 'appeals' },
  { id: 'snoozed', title: 'Snoozed', filter: { view: 'snoozed' }, none: 'No case is put off.', count: 'snoozed' },
  {
    id: 'escalated',
    title: 'Escalated',
    filter: { view: 'escalated' },
    none: 'Nothing waits for a senior.',
    count: 'escalated',
  },
  { id: 'claimed', title: 'Claimed', filter: { state: 'claimed' }, none: 'Nobody has a case.' },
  { id: 'decided', title: 'Decided', filter: { state: 'decided', sort: 'opened_at' }, none: 'Nothing is decided yet.' },
];

export const viewOf = (id: string | null): View => views.find((view) => view.id === id) ?? (views[0] as View);

/** What is typed beside the view; all of it lives in the address. */
export interface FilterField {
  readonly name: 'q' | 'reason' | 'country' | 'min_score';
  readonly title: string;
  readonly placeholder: string;
  /** Said where the text is something else. */
  readonly expected: string;
  /** Undefined: nothing can be asked for by it. */
  readonly read: (text: string) => Filter | undefined;
}

const scoreForm = /^\d{1,3}(?:\.\d{1,6})?$/;

export const filterFields: readonly FilterField[] = [
  {
    name: 'q',
    title: 'Account',
    placeholder: 'begins with',
    expected: accountIdExpected,
    read: (q) => (isAccountIdLength(q) ? { q } : undefined),
  },
  {
    name: 'reason',
    title: 'Reason',
    placeholder: 'payment.reused',
    expected: 'a reason code of at most 128 signs',
    read: (reason) => (reason.length <= 128 ? { reason } : undefined),
  },
  {
    name: 'country',
    title: 'Country',
    placeholder: 'DE',
    expected: 'two letters, such as DE',
    read: (text) => (/^[A-Za-z]{2}$/.test(text) ? { country: text.toUpperCase() } : undefined),
  },
  {
    name: 'min_score',
    title: 'Score from',
    placeholder: '80',
    expected: 'a number from 0 to 100',
    read: (text) => (scoreForm.test(text) && Number(text) <= 100 ? { min_score: Number(text) } : undefined),
  },
];

export type Typed = Readonly<Record<FilterField['name'], string>>;

/** What can be asked for, and the fields whose text says nothing that can be. */
export function filterOf(
  view: View,
  typed: Typed,
): { readonly filter: Filter; readonly unfit: readonly FilterField[] } {
  const given = filterFields.filter(({ name }) => typed[name] !== '');
  const parts = given.map(({ name, read }) => read(typed[name]));
  return {
    filter: Object.assign({ ...view.filter }, ...parts.filter((part) => part !== undefined)),
    unfit: given.filter((_field, index) => parts[index] === undefined),
  };
}
