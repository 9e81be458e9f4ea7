import cytoscape from 'cytoscape';
import { useEffect, useMemo, useRef } from 'react';
import type { RingGraph } from '../api/types.ts';
import { spelledOut } from '../parts/safe-text.tsx';
import { onThemeChange } from '../theme/theme-changes.ts';
import { groupAlike, maxNodes } from './group-alike.ts';

const labelOf = (node: RingGraph['nodes'][number]): string =>
  node.kind === 'key' ? `${node.link} ×${node.accounts}` : spelledOut(node.id, 23);

function elementsOf(graph: RingGraph): cytoscape.ElementDefinition[] {
  const { nodes, edges } = graph.nodes.length > maxNodes ? groupAlike(graph) : graph;
  const shown = new Set(nodes.map(({ id }) => id));
  return [
    ...nodes.map((node) => ({
      data: { id: node.id, label: labelOf(node) },
      classes: node.kind === 'key' ? 'key' : `account ${node.state}`,
    })),
    ...edges
      .filter(({ account, key }) => shown.has(account) && shown.has(key))
      .map(({ account, key }) => ({ data: { id: `${account} ${key}`, source: account, target: key } })),
  ];
}

/** Colours come from the theme; shapes tell keys from accounts without them. */
function styleOf(element: Element): cytoscape.StylesheetJson {
  const colour = (name: string): string => resolved(element, name);
  return [
    {
      selector: 'node',
      style: {
        label: 'data(label)',
        color: colour('--text'),
        'font-size': 9,
        'text-wrap': 'ellipsis',
        'text-max-width': '90px',
        'background-color': colour('--quiet'),
        width: 14,
        height: 14,
      },
    },
    { selector: '.key', style: { shape: 'diamond', 'background-color': colour('--accent'), width: 22, height: 22 } },
    { selector: '.held, .denied', style: { shape: 'octagon', 'background-color': colour('--bad') } },
    { selector: '.admitted', style: { 'background-color': colour('--good') } },
    { selector: '.limited', style: { shape: 'triangle', 'background-color': colour('--warn') } },
    { selector: 'edge', style: { width: 1, 'line-color': colour('--line') } },
  ];
}

/** `light-dark()` is only worked out where a colour is used. */
function resolved(element: Element, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

export default function GraphView({ graph }: { readonly graph: RingGraph }) {
  const frame = useRef<HTMLDivElement>(null);
  const picture = useRef<cytoscape.Core>(null);
  const elements = useMemo(() => elementsOf(graph), [graph]);
  // Who is linked by what; states may change without the picture being laid out anew under somebody's eyes.
  const shape = elements.map(({ data: { id } }) => id).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another shape is another picture
  useEffect(() => {
    const container = frame.current;
    if (container === null) return;
    const drawn = cytoscape({
      container,
      elements,
      style: styleOf(container),
      layout: { name: 'cose', animate: false, randomize: true },
      wheelSensitivity: 0.3,
    });
    picture.current = drawn;
    const stop = onThemeChange(() => void drawn.style(styleOf(container)));
    return () => {
      stop();
      picture.current = null;
      drawn.destroy();
    };
  }, [shape]);
  useEffect(() => {
    for (const { data, classes = '' } of elements) picture.current?.getElementById(String(data.id)).classes(classes);
  }, [elements]);
  return (
    <figure className="graph">
      <div ref={frame} className="graph-frame" aria-hidden="true" />
      <figcaption>
        Diamonds are what accounts share; circles are admitted accounts, octagons held or denied ones, triangles limited
        ones.
        {graph.nodes.length > maxNodes && ` Accounts that share the same are drawn as one.`}
      </figcaption>
    </figure>
  );
}
