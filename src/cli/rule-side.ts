import { stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { readGitRules } from '../adapters/files/git-rules.js';
import { loadRulesFolder } from '../adapters/files/open-rules.js';
import type { RuleSetSide } from '../ruleset/diff/diff-rule-sets.js';
import { loadRuleSet } from '../ruleset/load-rule-set.js';
import { type Environment, UsageError } from './command-arguments.js';
import { brokenRules, rulesDirectory } from './load-rules.js';

/** A rule set that was named on the command line, and how it is called there. */
export interface NamedSide extends RuleSetSide {
  readonly name: string;
  /** Where it lies, if it is a directory. */
  readonly directory: string | undefined;
}

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/**
 * A directory, a Git revision (`HEAD`, `main:rules`), the rules that the running service has in use (`running`), or the
 * hash of a rule set that it has decided with. Throws `BrokenFiles` when it has errors. Exceptions that have expired
 * since then are no errors.
 */
export async function loadSide(name: string, environment: Environment): Promise<NamedSide> {
  if (await isDirectory(name)) return checked({ name, directory: name }, await loadRulesFolder(name, 'warn'));
  const there = { name, directory: undefined };
  if (name === 'running' || /^sha256:[0-9a-f]{64}$/.test(name))
    return checked(there, await fromService(name, environment));
  const files = await fromGit(name, environment);
  return checked(there, { files, ...loadRuleSet({ files, now: Date.now(), expiredExceptions: 'warn' }) });
}

async function fromService(name: string, environment: Environment): Promise<Folder> {
  // Brings zod and the configuration along: loaded only when a service is to be asked.
  const { openServiceClient } = await import('./service-client.js');
  const { fetchRuleSet, hashInUse } = await import('./kept-rule-set.js');
  const service = await openServiceClient(environment);
  const hash = name === 'running' ? await hashInUse(service) : name;
  const kept = await fetchRuleSet(hash, service);
  if (kept === undefined) throw new UsageError(`the service at ${service.origin} has decided nothing with ${hash}`);
  return kept;
}

async function fromGit(name: string, environment: Environment): Promise<ReadonlyMap<string, string>> {
  // Git wants it relative to where it is asked.
  const folder = relative(process.cwd(), resolve(rulesDirectory(undefined, environment)));
  const read = await readGitRules(name, folder);
  if (!read.ok) throw new UsageError(`'${name}' is neither a directory nor a Git revision with rules: ${read.error}`);
  const { files, unreadable } = read.value;
  const [first] = unreadable;
  if (first !== undefined) throw new UsageError(`${name}: ${first.path}: ${first.why}`);
  if (files.size === 0) throw new UsageError(`'${name}' holds no rules`);
  return files;
}

type Folder = Awaited<ReturnType<typeof loadRulesFolder>>;

function checked(side: Omit<NamedSide, 'ruleSet' | 'files'>, loaded: Folder): NamedSide {
  const { ruleSet, files } = loaded;
  if (ruleSet !== undefined) return { ...side, ruleSet, files };
  throw brokenRules({ ...loaded, directory: side.name, warnings: [] });
}
