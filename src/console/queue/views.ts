import type { Operations } from '../api/types.ts';

export type Filter = NonNullable<Operations['listCases']['query']>;
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
  /** Undefined: not to be sent yet. */
  readonly read: (text: string) => Filter | undefined;
}

export const filterFields: readonly FilterField[] = [
  { name: 'q', title: 'Account', placeholder: 'begins with', read: (q) => ({ q }) },
  { name: 'reason', title: 'Reason', placeholder: 'payment.reused', read: (reason) => ({ reason }) },
  {
    name: 'country',
    title: 'Country',
    placeholder: 'DE',
    read: (text) => (/^[A-Za-z]{2}$/.test(text) ? { country: text.toUpperCase() } : undefined),
  },
  {
    name: 'min_score',
    title: 'Score from',
    placeholder: '80',
    read: (text) => (/^\d{1,2}$|^100$/.test(text) ? { min_score: Number(text) } : undefined),
  },
];
