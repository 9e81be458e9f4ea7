import type { Operations } from '../api/types.ts';

export type Filter = NonNullable<Operations['listCases']['query']>;

export interface View {
  readonly id: string;
  readonly title: string;
  readonly filter: Filter;
  readonly none: string;
}

/** The registry of saved views. */
export const views: readonly View[] = [
  { id: 'unclaimed', title: 'Unclaimed', filter: { state: 'open', sort: 'priority' }, none: 'No case is waiting.' },
  { id: 'due', title: 'Due soon', filter: { state: 'open', sort: 'due_at' }, none: 'Nothing is due.' },
  { id: 'claimed', title: 'Claimed', filter: { state: 'claimed', sort: 'priority' }, none: 'Nobody has a case.' },
  { id: 'snoozed', title: 'Snoozed', filter: { state: 'snoozed', sort: 'due_at' }, none: 'No case is put off.' },
  { id: 'decided', title: 'Decided', filter: { state: 'decided', sort: 'opened_at' }, none: 'Nothing is decided yet.' },
];

export const viewOf = (id: string | null): View => views.find((view) => view.id === id) ?? (views[0] as View);
