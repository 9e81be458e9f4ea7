import type { FeatureKind } from '../model/feature.js';

/** Kinds that one key's log of events answers by itself; the others depend on the standing of accounts. */
const loggedKinds = ['count', 'distinct', 'labelled', 'age'] as const satisfies readonly FeatureKind[];
export type LoggedKind = (typeof loggedKinds)[number];

/**
 * Undefined for the others. The very text of the list above, because a name that came out of a file is not the one that the
 * engine finds properties by, and is looked up each time.
 */
export const loggedKind = (kind: FeatureKind): LoggedKind | undefined => loggedKinds.find((logged) => logged === kind);

export const isLogged = (kind: FeatureKind): kind is LoggedKind => loggedKind(kind) !== undefined;
