import type { FeatureKind } from '../model/feature.js';

/** Kinds that one key's log of events answers by itself; the others depend on the standing of accounts. */
const loggedKinds = ['count', 'distinct', 'labelled', 'age'] as const satisfies readonly FeatureKind[];
export type LoggedKind = (typeof loggedKinds)[number];

export const isLogged = (kind: FeatureKind): kind is LoggedKind => loggedKinds.some((logged) => logged === kind);
