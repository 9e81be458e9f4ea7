import { useState } from 'react';
import type { RingGraph } from '../api/types.ts';
import { SafeText, spelledOut } from '../parts/safe-text.tsx';
import { pathBetween } from './path-between.ts';

/** Two members, and what leads from one to the other. */
export function WhyLinked({ graph }: { readonly graph: RingGraph }) {
  const accounts = graph.nodes.flatMap((node) => (node.kind === 'account' ? node.id : []));
  const [one, setOne] = useState('');
  const [other, setOther] = useState('');
  const links = new Map(graph.nodes.flatMap((node) => (node.kind === 'key' ? [[node.id, node.link]] : [])));
  return (
    <form
      className="panel panel-fields"
      aria-label="Why two members are linked"
      onSubmit={(event) => event.preventDefault()}
    >
      <Choice title="Why is" value={one} onChange={setOne} accounts={accounts} />
      <Choice title="linked with" value={other} onChange={setOther} accounts={accounts} />
      <div role="status">
        {one !== '' && other !== '' && one !== other && (
          <Path path={pathBetween(graph.edges, one, other)} links={links} />
        )}
      </div>
    </form>
  );
}

interface ChoiceProps {
  readonly title: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly accounts: readonly string[];
}

function Choice({ title, value, onChange, accounts }: ChoiceProps) {
  return (
    <label>
      {title}{' '}
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">choose a member</option>
        {accounts.map((id) => (
          <option key={id} value={id}>
            {spelledOut(id, 60)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface PathProps {
  /** Accounts and keys in turn. */
  readonly path: readonly string[] | undefined;
  readonly links: ReadonlyMap<string, string>;
}

function Path({ path, links }: PathProps) {
  if (path === undefined) return 'Nothing that is shown here leads from one to the other.';
  const [key, between] = [path[1] ?? '', path.length - 3];
  if (between <= 0) return `Both have the same ${links.get(key) ?? 'key'}.`;
  return path.map((id) => (
    <span key={id}>{links.has(id) ? ` shares a ${links.get(id)} with ` : <SafeText text={id} limit={60} />}</span>
  ));
}
