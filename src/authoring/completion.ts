export type CompletionKind =
  | 'signal'
  | 'feature'
  | 'predicate'
  | 'list'
  | 'function'
  | 'method'
  | 'value'
  | 'key'
  | 'operator'
  | 'snippet';

/** One thing that may be written. */
export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** Beside the label: type, kind. */
  readonly detail?: string | undefined;
  /** Markdown; made when it is looked at, where that takes work. */
  readonly doc?: string | (() => string | undefined) | undefined;
  /** What is written, the label itself where silent. */
  readonly insert?: string | undefined;
  /** `insert` has places to fill in. */
  readonly isSnippet?: boolean | undefined;
}

/** Things that may be written in the place of a range of the file. */
export interface Completions {
  readonly start: number;
  readonly end: number;
  readonly items: readonly Completion[];
}
