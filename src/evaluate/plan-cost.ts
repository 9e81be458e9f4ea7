import type { Policy } from '../model/policy.js';

/** Points of priority that the policy gives to a plan: what it would cost to be wrong about the account. */
export const planCost = ({ cost }: Policy, plan: string | undefined): number =>
  plan !== undefined && Object.hasOwn(cost.plan, plan) ? (cost.plan[plan] ?? 0) : 0;
