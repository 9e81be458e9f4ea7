import { z } from 'zod';
import { type Loaded, loadRuleSet } from '../ruleset/load-rule-set.js';
import { UsageError } from './command-arguments.js';
import type { ServiceClient } from './service-client.js';

const keptRuleSet = z.object({ hash: z.string(), files: z.record(z.string(), z.string()) });
const rulesetInUse = z.object({ hash: z.string() });

interface KeptFiles extends Loaded {
  readonly files: ReadonlyMap<string, string>;
}

/** A rule set that the service has decided with, compiled again; undefined where it does not keep it. */
export async function fetchRuleSet(hash: string, service: ServiceClient): Promise<KeptFiles | undefined> {
  const body = await service.get(`/v1/rulesets/${encodeURIComponent(hash)}`);
  if (body === undefined) return undefined;
  const parsed = keptRuleSet.safeParse(body);
  if (!parsed.success) throw notOurs(service);
  const files = new Map(Object.entries(parsed.data.files));
  return { files, ...loadRuleSet({ files, now: Date.now(), expiredExceptions: 'warn' }) };
}

/** Hash of the rule set that the service decides with now. */
export async function hashInUse(service: ServiceClient): Promise<string> {
  const parsed = rulesetInUse.safeParse(await service.get('/v1/rulesets/current'));
  if (!parsed.success) throw notOurs(service);
  return parsed.data.hash;
}

export const notOurs = ({ origin }: ServiceClient): UsageError =>
  new UsageError(`what answers at ${origin} is no Portcullis service of this version`);
