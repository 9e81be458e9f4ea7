import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { lineDiff } from '../authoring/line-diff.js';
import type { RuleMode } from '../model/rule.js';
import { type ChangedFile, changeMode } from '../ruleset/change-mode.js';
import { loadRuleSet } from '../ruleset/load-rule-set.js';
import { featureIdsOf, ruleDefinition } from '../ruleset/rule-definition.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { didYouMean } from '../ruleset/yaml/read-fields.js';
import { UsageError } from './command-arguments.js';
import { brokenRules, loadDirectory } from './load-rules.js';

/** A rule in another mode, as a change of one file that nobody has made yet. */
export interface ModeChange {
  readonly rule: string;
  readonly from: RuleMode;
  readonly to: RuleMode;
  /** A hash of what the rule says. */
  readonly definition: string;
  /** A unified diff; `git apply` takes it at the top of the repository. */
  readonly diff: string;
}

/** Throws `BrokenFiles` where the rules have errors. */
export async function planModeChange(directory: string, rule: string, to: RuleMode): Promise<ModeChange> {
  const loaded = await loadDirectory(directory);
  const { ruleSet, files } = loaded;
  if (ruleSet === undefined) throw brokenRules(loaded);
  const declaration = ruleSet.declarations.find(({ info }) => info.id === rule);
  if (declaration === undefined) throw unknownRule(rule, ruleSet, directory);
  const changed = changeMode(files, rule, to);
  if (changed === undefined) throw new UsageError(`the file of '${rule}' cannot be changed by this command`);
  assertOnlyMode({ files, changed, rule, to });
  return {
    rule,
    from: declaration.info.mode,
    to,
    definition: ruleDefinition(declaration, featureIdsOf(ruleSet)),
    diff: gitDiff(directory, changed),
  };
}

function unknownRule(rule: string, { rules }: RuleSet, directory: string): UsageError {
  const hint = didYouMean(
    rule,
    rules.map(({ id }) => id),
  );
  return new UsageError(`there is no rule '${rule}' in '${directory}'${hint === undefined ? '' : `; ${hint}`}`);
}

interface Checked {
  readonly files: ReadonlyMap<string, string>;
  readonly changed: ChangedFile;
  readonly rule: string;
  readonly to: RuleMode;
}

/** What is printed has been loaded: the rule has that mode and nothing else is another. */
function assertOnlyMode({ files, changed, rule, to }: Checked): void {
  const before = saidBy(files);
  const after = saidBy(new Map([...files, [changed.path, changed.after]]));
  const { definition } = before.get(rule) ?? {};
  const wanted = new Map([...before, [rule, { definition, mode: to }]]);
  if (JSON.stringify([...wanted]) !== JSON.stringify([...after]))
    throw new UsageError(`changing the mode of '${rule}' would change more than that: do it by hand`);
}

/** What each rule says, and its mode. */
function saidBy(files: ReadonlyMap<string, string>) {
  const { ruleSet } = loadRuleSet({ files, now: Date.now(), expiredExceptions: 'warn' });
  const ids = ruleSet === undefined ? new Map<string, string>() : featureIdsOf(ruleSet);
  const rules = ruleSet?.declarations ?? [];
  return new Map(rules.map((one) => [one.info.id, { definition: ruleDefinition(one, ids), mode: one.info.mode }]));
}

/** Paths as the top of the repository sees them; without one, as the reader does. */
function gitDiff(directory: string, { path, before, after }: ChangedFile): string {
  const file = resolve(directory, path);
  const name = relative(topOf(dirname(file)) ?? '.', file);
  const [, , ...hunks] = lineDiff(name, before, after).split('\n');
  return [`--- a/${name}`, `+++ b/${name}`, ...hunks].join('\n');
}

function topOf(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : topOf(above);
}

/** `live`, `shadow`, `off`, `20%` */
export function modeOf(text: string): RuleMode | undefined {
  const share = /^(\d{1,3}(?:\.\d+)?)\s?%$/.exec(text)?.[1];
  if (share !== undefined)
    return Number(share) > 0 && Number(share) <= 100 ? { rollout: Number(share) / 100 } : undefined;
  return text === 'live' || text === 'shadow' || text === 'off' ? text : undefined;
}

/** How many accounts a rule in this mode counts for, 0 to 1; evaluating is more than being off. */
export function reachOf(mode: RuleMode): number {
  if (mode === 'live') return 1;
  if (mode === 'shadow') return 0;
  return mode === 'off' ? -1 : mode.rollout;
}
