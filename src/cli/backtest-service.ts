import type { BacktestSource } from '../backtest/backtest-source.js';
import { identifiersByValue } from '../backtest/identifiers-by-value.js';
import { StoredRows } from '../backtest/stored-rows.js';
import { featureInputs } from '../model/feature.js';
import { type Instant, parseDurationSeconds, parseInstant } from '../model/time.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { type ParsedArguments, UsageError } from './command-arguments.js';
import { fetchRuleSet, hashInUse } from './kept-rule-set.js';
import { requireRuleSet } from './load-rules.js';
import { openServiceClient } from './service-client.js';
import { type DecisionsAsked, servicePages } from './service-decisions.js';

interface ServiceBacktest {
  readonly ruleSet: RuleSet;
  readonly baseline: RuleSet | undefined;
  /** An input that both call the same can be another one to each: an edited feature. */
  readonly baselinePrefix: (name: string) => string;
  readonly source: BacktestSource;
  readonly notes: readonly string[];
}

interface ServiceBacktestRequest extends DecisionsAsked {
  readonly rulesDir: string;
  /** Compare with these rules instead of those in use. */
  readonly baselineDir?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Rule sets and the decisions of the running service. Throws `BrokenFiles` where rules have errors. */
export async function openServiceBacktest(request: ServiceBacktestRequest): Promise<ServiceBacktest> {
  const { rulesDir, baselineDir, environment } = request;
  const service = await openServiceClient(environment);
  const ruleSet = await requireRuleSet(rulesDir);
  const known = new Map<string, RuleSet | undefined>();
  const ruleSetOf = async (hash: string): Promise<RuleSet | undefined> => {
    if (!known.has(hash)) known.set(hash, (await fetchRuleSet(hash, service))?.ruleSet);
    return known.get(hash);
  };
  const baseline =
    baselineDir === undefined ? await ruleSetOf(await hashInUse(service)) : await requireRuleSet(baselineDir);
  if (baseline === undefined)
    throw new UsageError(`the service at ${service.origin} does not keep its rule set yet: try again in a moment`);
  const variants = [
    { prefix: '', ruleSet },
    { prefix: 'baseline:', ruleSet: baseline },
  ];
  return {
    ruleSet,
    baseline,
    baselinePrefix: prefixFor(ruleSet, baseline),
    source: new StoredRows({ pages: servicePages(service, request), variants, ruleSetOf }),
    notes: [
      'what each decision saw is taken from its record: nothing was replayed, and lists, rings and windows are those of then',
    ],
  };
}

/** Inputs that the two share are read once; those that are another thing to each, twice. */
function prefixFor(ruleSet: RuleSet, baseline: RuleSet): (name: string) => string {
  const ids = new Map(ruleSet.features.map(({ name, id }) => [name, id]));
  const own = new Set(baseline.features.filter(({ name, id }) => ids.get(name) !== id).flatMap(featureInputs));
  const [byValue, byValueBefore] = [identifiersByValue(ruleSet), identifiersByValue(baseline)];
  return (name) => (own.has(name) || byValue.has(name) !== byValueBefore.has(name) ? 'baseline:' : '');
}

/** From when to when; undefined without `--service`. */
export function readServiceRange(args: ParsedArguments): DecisionsAsked | undefined {
  const [since, until] = [args.text('since'), args.text('until')];
  if (!args.flag('service')) {
    if (since === undefined && until === undefined) return undefined;
    throw new UsageError('--since and --until are for --service');
  }
  const now = Date.now();
  return { since: timeOf(since ?? '7d', now, 'since'), until: timeOf(until ?? '0s', now, 'until') };
}

function timeOf(text: string, now: Instant, option: string): Instant {
  const seconds = parseDurationSeconds(text);
  const at = seconds === undefined ? parseInstant(text) : now - seconds * 1000;
  if (at === undefined)
    throw new UsageError(`--${option} is a time (2026-05-01T12:00:00Z) or a duration (7d), not '${text}'`);
  return at;
}
