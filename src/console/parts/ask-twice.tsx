import { useEffect, useRef, useState } from 'react';
import { spelledOut } from './safe-text.tsx';
import { notDone } from './states.tsx';

interface AskTwiceProps {
  /** `Revoke night shift`: named in full, as there are many of its kind on a page. */
  readonly does: string;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onSure: () => void;
}

/** A button that asks once more before it does what cannot be taken back. */
export function AskTwice({ does: named, isPending, error, onSure }: AskTwiceProps) {
  const does = spelledOut(named, 80);
  const [isAsked, setAsked] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const sure = useRef<HTMLButtonElement>(null);
  const wasAsked = useRef(false);
  // The button that had the focus is gone: it goes to the one that came in its place, there and back.
  useEffect(() => {
    if (isAsked) sure.current?.focus();
    else if (wasAsked.current) opener.current?.focus();
    wasAsked.current = isAsked;
  }, [isAsked]);
  if (!isAsked)
    return (
      <button type="button" ref={opener} onClick={() => setAsked(true)}>
        {does}
      </button>
    );
  return (
    <span className="row">
      <button type="button" ref={sure} disabled={isPending} onClick={onSure}>
        Yes, {does.charAt(0).toLowerCase() + does.slice(1)}
      </button>
      <button type="button" onClick={() => setAsked(false)}>
        No
      </button>
      {error !== null && error !== undefined && (
        <span role="alert" className="form-problem">
          {notDone('Not done', error)}
        </span>
      )}
    </span>
  );
}
