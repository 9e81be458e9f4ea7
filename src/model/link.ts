/** One entry of `links:` in the rule set: what joins accounts into rings. Its `when` lives with the compiled rule set. */
export interface LinkSpec {
  readonly name: string;
  /** Hash of the definition: an edited link is another link and starts without history. */
  readonly id: string;
  /** Signal names whose values make the key. */
  readonly by: readonly string[];
  /** One strong link joins; weak ones join where two different ones point to the same ring. */
  readonly strength: 'strong' | 'weak';
  /** The link that it is no different one from: both read the same thing, in two ways. */
  readonly sameAs?: string | undefined;
  /** A key that more accounts than this share is a hub: it stops linking. */
  readonly hubCap: number;
  /** Milliseconds after its last use during which a key links. */
  readonly ttlMs: number;
}

/** Most links of a rule set: those that hold a ring together are the bits of one number. */
export const linksMost = 30;

/** What tells links that are different: a mail domain alone, and the same with the country, are one piece of evidence. */
export const evidenceOf = ({ name, sameAs }: Pick<LinkSpec, 'name' | 'sameAs'>): string => sameAs ?? name;
