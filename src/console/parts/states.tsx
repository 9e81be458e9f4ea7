import type { ReactNode } from 'react';
import { ApiProblem, faultsIn, Unreachable } from '../api/client.ts';
import { spelledOut } from './safe-text.tsx';

export function Loading({ what }: { readonly what: string }) {
  return (
    <p className="state" role="status">
      Loading {what} …
    </p>
  );
}

export function Empty({ children }: { readonly children: ReactNode }) {
  return <div className="state">{children}</div>;
}

/** Of a page whose address names nothing: it has a heading like any other. */
export function NotThere({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="state">
      <h1>{title}</h1>
      <p>{children}</p>
    </div>
  );
}

interface FailedProps {
  /** Where it is all that the page has. */
  readonly title?: string | undefined;
  readonly what: string;
  readonly error: unknown;
  readonly retry: () => void;
}

/** What went wrong, in the service's words, and the way to try again. */
export function Failed({ title, what, error, retry }: FailedProps) {
  return (
    <div className="state state-failed" role="alert">
      {title !== undefined && <h1>{title}</h1>}
      <p>
        {what.charAt(0).toUpperCase() + what.slice(1)} cannot be shown: {wordsOf(error)}.
      </p>
      <button type="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

/** `Not added: …`; where a change was asked for and no answer came, nobody knows, and that is said. */
export function notDone(what: string, error: unknown, isToldOf?: (pointer: string) => boolean): string {
  if (error instanceof Unreachable && error.mayBeDone)
    return `It is not known whether it was done: ${error.message}. Look again before you repeat it.`;
  return `${what}: ${wordsOf(error, isToldOf)}.`;
}

/** `isToldOf`: said beside its field already. */
export function wordsOf(error: unknown, isToldOf: (pointer: string) => boolean = () => false): string {
  if (error instanceof Unreachable) return error.message;
  if (error instanceof ApiProblem) return `${error.message} (${error.code})${faultWords(error, isToldOf)}`;
  return error instanceof Error ? error.message : 'something unexpected happened';
}

const faultsShown = 5;

/** What is wrong with which value. */
function faultWords(error: ApiProblem, isToldOf: (pointer: string) => boolean): string {
  const others = faultsIn(error).filter(({ pointer }) => !isToldOf(pointer));
  if (others.length === 0) return '';
  const words = others.slice(0, faultsShown).map(({ pointer, detail }) => `${pointer} ${detail}`.trim());
  const more = others.length > faultsShown ? [`and ${others.length - faultsShown} more`] : [];
  return `: ${spelledOut([...words, ...more].join('; '), 1000)}`;
}

/** Shown data that could not be refreshed. */
function Stale({ since }: { readonly since: number }) {
  return (
    <p className="state-stale" role="status">
      Not up to date: the service cannot be reached. Shown as of {new Date(since).toLocaleTimeString()}.
    </p>
  );
}

interface QueryLike<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly isError: boolean;
  readonly dataUpdatedAt: number;
  readonly refetch: () => unknown;
}

interface ShownProps<T> {
  /** Of the page, where the heading comes with the data. */
  readonly title?: string;
  readonly what: string;
  readonly query: QueryLike<T>;
  readonly children: (data: T) => ReactNode;
}

/** Every query is shown this way: loading, failed, as it was last known, or as it is. */
export function Shown<T>({ title, what, query, children }: ShownProps<T>) {
  const { data, error, isError, dataUpdatedAt, refetch } = query;
  if (data === undefined)
    return isError ? (
      <Failed title={title} what={what} error={error} retry={() => void refetch()} />
    ) : (
      <Loading what={what} />
    );
  return (
    <>
      {isError && <Stale since={dataUpdatedAt} />}
      {children(data)}
    </>
  );
}
