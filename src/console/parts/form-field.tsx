import { type ReactNode, useId } from 'react';
import { ApiProblem, type Fault, faultsIn } from '../api/client.ts';
import { notDone } from './states.tsx';

interface InputProps {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string;
}

interface FieldProps {
  readonly label: string;
  /** Of the value in the body: what the service says of it is shown here. */
  readonly pointer: string;
  readonly error: unknown;
  readonly hint?: string;
  readonly children: (props: InputProps) => ReactNode;
}

/** One input with its label, and what the service found wrong with its value. */
export function Field({ label, pointer, error, hint, children }: FieldProps) {
  const id = useId();
  const [found] = faultsUnder(error, pointer);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-invalid': found !== undefined, 'aria-describedby': `${id}-about` })}
      <p id={`${id}-about`} className={found === undefined ? 'hint' : 'form-problem'}>
        {found?.detail ?? hint}
      </p>
    </div>
  );
}

interface FormProblemProps {
  /** `Not added`. */
  readonly what: string;
  readonly error: unknown;
  /** Pointers of fields that say themselves what is wrong with them. */
  readonly beside?: readonly string[];
}

/** Read out when it comes, and empty until then. */
export function FormProblem({ what, error, beside = [] }: FormProblemProps) {
  const isToldOf = (pointer: string): boolean => beside.some((field) => isUnder(pointer, field));
  return (
    <p role="alert" className="form-problem">
      {error !== null && error !== undefined && notDone(what, error, isToldOf)}
    </p>
  );
}

/** What the service found wrong with this value, or with parts of it. */
export const faultsUnder = (error: unknown, field: string): readonly Fault[] =>
  (error instanceof ApiProblem ? faultsIn(error) : []).filter(({ pointer }) => isUnder(pointer, field));

const isUnder = (pointer: string, field: string): boolean => pointer === field || pointer.startsWith(`${field}/`);
