import type { ReactNode } from 'react';
import { ApiProblem, Unreachable } from '../api/client.ts';

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

interface FailedProps {
  readonly what: string;
  readonly error: unknown;
  readonly retry: () => void;
}

/** What went wrong, in the service's words, and the way to try again. */
export function Failed({ what, error, retry }: FailedProps) {
  return (
    <div className="state state-failed" role="alert">
      <p>
        {what} cannot be shown: {wordsOf(error)}.
      </p>
      <button type="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

export function wordsOf(error: unknown): string {
  if (error instanceof Unreachable) return error.message;
  if (error instanceof ApiProblem) return `${error.message} (${error.code})`;
  return error instanceof Error ? error.message : 'something unexpected happened';
}

/** Shown data that could not be refreshed. */
export function Stale({ since }: { readonly since: number }) {
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
  readonly what: string;
  readonly query: QueryLike<T>;
  readonly children: (data: T) => ReactNode;
}

/** Every query is shown this way: loading, failed, as it was last known, or as it is. */
export function Shown<T>({ what, query, children }: ShownProps<T>) {
  const { data, error, isError, dataUpdatedAt, refetch } = query;
  if (data === undefined)
    return isError ? <Failed what={what} error={error} retry={() => void refetch()} /> : <Loading what={what} />;
  return (
    <>
      {isError && <Stale since={dataUpdatedAt} />}
      {children(data)}
    </>
  );
}
