import { type RefObject, useId, useLayoutEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { type FilterField, filterFields, type Typed } from './views.ts';

interface FilterBarProps {
  readonly values: Typed;
  /** The one that `/` goes to. */
  readonly first: RefObject<HTMLInputElement | null>;
  readonly onChange: (name: FilterField['name'], value: string) => void;
}

export function FilterBar({ values, first, onChange }: FilterBarProps) {
  return (
    <search className="row filters" aria-label="Filters">
      {filterFields.map((field, index) => (
        <Field
          key={field.name}
          field={field}
          value={values[field.name]}
          input={index === 0 ? first : undefined}
          onChange={(value) => onChange(field.name, value)}
        />
      ))}
    </search>
  );
}

interface FieldProps {
  readonly field: FilterField;
  readonly value: string;
  readonly input: RefObject<HTMLInputElement | null> | undefined;
  readonly onChange: (value: string) => void;
}

/** Typed text reaches the address bar, and the service, when typing pauses. */
function Field({ field, value, input, onChange }: FieldProps) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  if (value !== known) {
    // The address has changed: by what was typed here, or by Back or a link, which say what is to stand here.
    setKnown(value);
    if (value !== text.trim()) setText(value);
  }
  const [location] = useLocation();
  // Of layout: it ends as soon as the page is out of sight, and not only when the one that is opened has been loaded.
  useLayoutEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text.trim()), 300);
    return () => clearTimeout(timer);
  });
  const isUnfit = text.trim() !== '' && field.read(text.trim()) === undefined;
  const about = useId();
  return (
    <div>
      <label htmlFor={`${about}input`}>{field.title}</label>{' '}
      <input
        key={location}
        id={`${about}input`}
        ref={input ?? null}
        type="search"
        className="short"
        placeholder={field.placeholder}
        aria-invalid={isUnfit || undefined}
        aria-describedby={about}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <p id={about} role="status" className="form-problem">
        {isUnfit && `expected ${field.expected}`}
      </p>
    </div>
  );
}
