import { type ReactNode, useId } from 'react';
import { ApiProblem } from '../api/client.ts';
import { wordsOf } from './states.tsx';

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
  const found = pointersOf(error).find((one) => isUnder(one.pointer, pointer));
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
}

/** Read out when it comes, and empty until then. */
export function FormProblem({ what, error }: FormProblemProps) {
  return (
    <p role="alert" className="form-problem">
      {error !== null && error !== undefined && `${what}: ${wordsOf(error)}.`}
    </p>
  );
}

const pointersOf = (error: unknown) => (error instanceof ApiProblem ? (error.problem.errors ?? []) : []);

const isUnder = (pointer: string | undefined, field: string): boolean =>
  pointer === field || pointer?.startsWith(`${field}/`) === true;
