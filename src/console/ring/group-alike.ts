import type { RingGraph } from '../api/types.ts';

type Parts = Pick<RingGraph, 'nodes' | 'edges'>;
type AccountNode = Extract<RingGraph['nodes'][number], { kind: 'account' }>;

/** More than this cannot be told apart by eye. */
export const maxNodes = 300;

/** Accounts with the same keys and the same state become one; of what is still too much, what links most is kept. */
export function groupAlike({ nodes, edges }: Parts): Parts {
  const keysOf = new Map<string, string[]>();
  for (const { account, key } of edges) keysOf.set(account, [...(keysOf.get(account) ?? []), key]);
  const groups = new Map<string, AccountNode[]>();
  for (const node of nodes) {
    if (node.kind !== 'account') continue;
    const like = `${node.state} ${(keysOf.get(node.id) ?? []).sort().join(' ')}`;
    groups.set(like, [...(groups.get(like) ?? []), node]);
  }
  const drawn = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const id = group.length === 1 ? first.id : `${group.length} accounts like ${first.id}`;
    return { node: { ...first, id }, keys: keysOf.get(first.id) ?? [], size: group.length };
  });
  const keys = nodes.flatMap((node) => (node.kind === 'key' ? node : []));
  const mostKeys = keys.sort((a, b) => b.accounts - a.accounts).slice(0, maxNodes / 2);
  const mostAccounts = drawn.sort((a, b) => b.size - a.size).slice(0, maxNodes - mostKeys.length);
  return {
    nodes: [...mostKeys, ...mostAccounts.map(({ node }) => node)],
    edges: mostAccounts.flatMap(({ node, keys: its }) => its.map((key) => ({ account: node.id, key }))),
  };
}
