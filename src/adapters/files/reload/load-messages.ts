import type { MessagePort } from 'node:worker_threads';
import type { RuleProblem } from '../../../ruleset/rule-problem.js';

/** What the loading thread is started with. */
export interface LoadingData {
  readonly folder: string;
  readonly dataDir: string;
}

/** To the loading thread. Loads are numbered; a higher number, or `stop`, ends the one before. */
export type LoadRequest =
  /** Reads the folder, so that the first load finds most of it read. */
  | { readonly kind: 'warm'; readonly load: 0 }
  /** `base`: the last load whose pieces were all taken, so that only what differs from it is sent. */
  | { readonly kind: 'load'; readonly load: number; readonly base: number | undefined }
  | { readonly kind: 'stop'; readonly load: number }
  | { readonly kind: 'keep'; readonly load: number }
  | { readonly kind: 'lint'; readonly load: number };

/** From it: one reply to each request but `stop`. */
export interface LoadReply {
  readonly kind: LoadRequest['kind'];
  readonly load: number;
  /** The pieces of a load, all of which wait in it; none when the load was overtaken. */
  readonly pieces?: MessagePort | undefined;
  /** None when linting was overtaken. */
  readonly warnings?: readonly RuleProblem[] | undefined;
  readonly failure?: string | undefined;
}
