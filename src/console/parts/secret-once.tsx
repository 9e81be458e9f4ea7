interface SecretOnceProps {
  readonly of: string;
  readonly secret: string;
  readonly onKept: () => void;
}

/** A secret that the service will not show again. */
export function SecretOnce({ of, secret, onKept }: SecretOnceProps) {
  return (
    <p role="status" className="notice">
      The secret of {of}, shown this once: <code className="secret">{secret}</code>{' '}
      <button type="button" onClick={onKept}>
        I have kept it
      </button>
    </p>
  );
}
