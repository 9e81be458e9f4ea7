import { CutText, spelledOut } from '../parts/safe-text.tsx';
import { dropSecret, useDraft } from './drafts.ts';

/** Secrets that the service will not show again: they stay until somebody says that they have them. */
export function SecretsOnce({ subject }: { readonly subject: string }) {
  const { secrets = [] } = useDraft(subject);
  return secrets.map(({ id, of, secret }) => (
    <p key={id} role="status" className="notice">
      The secret of <CutText text={of} />, shown this once: <code className="secret">{secret}</code>{' '}
      <button type="button" onClick={() => dropSecret(subject, id)}>
        I have kept it <span className="unseen">: {spelledOut(of)}</span>
      </button>
    </p>
  ));
}
