/** One entry of `links:` in the rule set: what joins accounts into rings. Its `when` lives with the compiled rule set. */
export interface LinkSpec {
  readonly name: string;
  /** Hash of the definition: an edited link is another link and starts without history. */
  readonly id: string;
  /** Signal names whose values make the key. */
  readonly by: readonly string[];
  /** One strong link joins; weak ones join where two different ones point to the same ring. */
  readonly strength: 'strong' | 'weak';
  /** A key that more accounts than this share is a hub: it stops linking. */
  readonly hubCap: number;
  /** Milliseconds after its last use during which a key links. */
  readonly ttlMs: number;
}
