import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { call } from '../api/client.ts';
import type { RingGraph } from '../api/types.ts';
import { SafeText } from '../parts/safe-text.tsx';
import { Loading, Shown } from '../parts/states.tsx';
import { TableHead } from '../parts/table-head.tsx';
import { may, useSession } from '../session/session.ts';
import { MarkHub } from './ring-hubs.tsx';
import { WhyLinked } from './why-linked.tsx';

const Graph = lazy(() => import('./graph-view.tsx'));

/** The picture, and a table that says the same: who is linked with whom by what. */
export function Linked({ ringId }: { readonly ringId: string }) {
  const graph = useQuery({
    queryKey: ['ring', ringId, 'graph'],
    queryFn: ({ signal }) => call('getRingGraph', { params: { id: ringId }, signal }),
  });
  return (
    <section aria-labelledby="linked">
      <h2 id="linked">How they are linked</h2>
      <Shown what="the graph" query={graph}>
        {(found) => (
          <>
            <div className="linked">
              <Suspense fallback={<Loading what="the picture" />}>
                <Graph graph={found} />
              </Suspense>
              <LinkTable graph={found} />
            </div>
            <WhyLinked graph={found} />
          </>
        )}
      </Shown>
    </section>
  );
}

function LinkTable({ graph }: { readonly graph: RingGraph }) {
  const { role } = useSession();
  const keys = graph.nodes.filter((node) => node.kind === 'key');
  const members = new Map<string, string[]>();
  for (const { account, key } of graph.edges) members.set(key, [...(members.get(key) ?? []), account]);
  return (
    <div className="scroll">
      {!graph.is_whole && <p>Only the part of the ring that is shown in the picture.</p>}
      <table>
        <caption>The same as a table</caption>
        <TableHead columns={['Shared', 'Accounts', 'Who', ...(may(role, ['senior']) ? ['Shared by right?'] : [])]} />
        <tbody>
          {keys.map((node) => (
            <tr key={node.id}>
              <td>
                {node.link} <code>{node.id}</code>
              </td>
              <td>{node.accounts}</td>
              <td>
                <SafeText text={(members.get(node.id) ?? []).join(', ')} limit={60} />
              </td>
              {may(role, ['senior']) && (
                <td>
                  <MarkHub ringId={graph.id} keyId={node.id} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
