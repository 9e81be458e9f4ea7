import type { Queryable } from '../../src/adapters/postgres/database.js';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (plan: PlanNode): readonly PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

export interface QueryPlan {
  readonly indexes: readonly string[];
  /** Tables that are read from one end to the other. */
  readonly readWhole: readonly string[];
}

/** How the database would answer, with what it knows of its tables now. */
export async function queryPlan(
  database: Queryable,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<QueryPlan> {
  const [row] = await database.query<{ 'QUERY PLAN': readonly [{ Plan: PlanNode }] }>(
    `explain (format json) ${sql}`,
    parameters,
  );
  const nodes = row === undefined ? [] : nodesOf(row['QUERY PLAN'][0].Plan);
  const whole = nodes.filter((node) => node['Node Type'] === 'Seq Scan');
  return {
    indexes: nodes.flatMap((node) => node['Index Name'] ?? []),
    readWhole: whole.flatMap((node) => node['Relation Name'] ?? []),
  };
}
