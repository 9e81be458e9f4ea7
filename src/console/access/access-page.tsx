import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/client.ts';
import type { NewServiceKey, Operations, ServiceKey } from '../api/types.ts';
import { keepSecret } from '../drafts/drafts.ts';
import { SecretsOnce } from '../drafts/secrets-once.tsx';
import { AskTwice } from '../parts/ask-twice.tsx';
import { SafeText } from '../parts/safe-text.tsx';
import { Empty, notDone, Shown } from '../parts/states.tsx';
import { TableHead } from '../parts/table-head.tsx';
import { When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';

type Role = Operations['createKey']['body']['role'];

/** The registry of roles, and what each is for. */
const roles: Readonly<Record<Role, string>> = {
  integration: 'sends events from a signup flow',
  gateway: 'asks the gate',
  worker: 'works cases by program',
  reviewer: 'works cases',
  senior: 'works cases, and decides whole rings',
  author: 'writes rules',
  privacy: 'exports, erases, takes appeals',
  admin: 'may do all',
};

/** Under this the secrets are kept that nobody has taken down yet. */
const secretsOf = 'keys';

export default function AccessPage() {
  const keys = useQuery({ queryKey: ['keys'], queryFn: ({ signal }) => call('listKeys', { signal }) });
  const onMade = ({ id, name, secret }: NewServiceKey): void => keepSecret(secretsOf, { id, of: name, secret });
  return (
    <>
      <h1>Access</h1>
      <NewKey onMade={onMade} />
      <SecretsOnce subject={secretsOf} />
      <Shown what="the keys" query={keys}>
        {({ data }) =>
          data.length === 0 ? <Empty>There is no key but the one of first use.</Empty> : <Keys keys={data} />
        }
      </Shown>
    </>
  );
}

function NewKey({ onMade }: { readonly onMade: (key: NewServiceKey) => void }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('reviewer');
  const make = useMutation({
    mutationFn: () => call('createKey', { body: { role, name: name.trim() } }),
    onSuccess: (key) => {
      setName('');
      onMade(key);
      return client.invalidateQueries({ queryKey: ['keys'] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form className="panel panel-row" aria-label="New key" onSubmit={submit}>
      <label htmlFor="key-name">Name</label>
      <input id="key-name" required maxLength={128} value={name} onChange={(event) => setName(event.target.value)} />
      <label htmlFor="key-role">Role</label>
      <select id="key-role" value={role} onChange={(event) => setRole(event.target.value as Role)}>
        {Object.entries(roles).map(([id, what]) => (
          <option key={id} value={id}>
            {id}: {what}
          </option>
        ))}
      </select>
      <button type="submit" className="primary" disabled={make.isPending}>
        Make a key
      </button>
      <p role="alert" className="form-problem">
        {make.isError && notDone('No key', make.error)}
      </p>
    </form>
  );
}

function Keys({ keys }: { readonly keys: readonly ServiceKey[] }) {
  const now = useNow();
  return (
    <div className="scroll">
      <table>
        <TableHead columns={['Name', 'Role', 'Id', 'Made', 'State']} />
        <tbody>
          {keys.map((key) => (
            <tr key={key.id}>
              <td>
                <SafeText text={key.name} limit={80} />
              </td>
              <td>{key.role}</td>
              <td>
                <code>{key.id}</code>
              </td>
              <td>
                <When at={key.created_at} now={now} />
              </td>
              <td>
                {key.revoked_at === null ? (
                  <Revoke id={key.id} name={key.name} />
                ) : (
                  <>
                    revoked <When at={key.revoked_at} now={now} />
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Whoever uses the key is locked out at once. */
function Revoke({ id, name }: { readonly id: string; readonly name: string }) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => call('revokeKey', { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['keys'] }),
  });
  return (
    <AskTwice
      does={`Revoke ${name}`}
      isPending={revoke.isPending}
      error={revoke.error}
      onSure={() => revoke.mutate()}
    />
  );
}
