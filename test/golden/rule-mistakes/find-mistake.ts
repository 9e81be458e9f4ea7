import { finishSteps } from '../../../src/model/steps.js';
import { LoadMemory } from '../../../src/ruleset/load-memory.js';
import { loadRuleSetSteps } from '../../../src/ruleset/load-rule-set.js';
import type { RuleProblem } from '../../../src/ruleset/rule-problem.js';
import type { Mistake } from './mistake.js';
import { rightFiles, today } from './right-files.js';

interface Place {
  readonly line: number;
  readonly column: number;
  readonly end_column: number;
}

/** What the loader makes of a mistake. */
export interface Found {
  readonly mistake: Mistake;
  /** Reported with the code that it should have, in the file that it is in. */
  readonly isCaught: boolean;
  /** Reported once, and nothing besides: no echo. */
  readonly isAlone: boolean;
  readonly problem: (RuleProblem & { readonly right: Place | undefined }) | undefined;
  readonly all: readonly RuleProblem[];
}

/** The marked place; undefined when the mistake has none, which is what is left out. */
function markedPlace(text: string): Place | undefined {
  const start = text.indexOf('«');
  if (start === -1) return undefined;
  const before = text.slice(0, start).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  const [token = ''] = text.slice(start + 1, text.indexOf('»')).split('\n');
  return { line: before.length, column, end_column: column + Math.max(1, token.length) };
}

const load = (files: ReadonlyMap<string, string>, memory: LoadMemory) =>
  finishSteps(loadRuleSetSteps({ files, now: today }, memory));

const right = new LoadMemory();
load(rightFiles, right);

/** In a service that had read the right files before: what has not changed is not read again. */
export function findInSave(mistake: Mistake): Found {
  const memory = new LoadMemory();
  const { files, lists, rules } = right;
  if (rules !== undefined) memory.keep({ files, lists, rules });
  return findMistake(mistake, memory);
}

/** By `rules check`, which has read nothing before. */
export function findMistake(mistake: Mistake, memory = new LoadMemory()): Found {
  const { file, right: good, wrong, code, also = [] } = mistake;
  const text = rightFiles.get(file) ?? '';
  if (!text.includes(good)) throw new Error(`there is no '${good}' in ${file}`);
  const marked = text.replace(good, () => wrong);
  const files = new Map([...rightFiles, [file, marked.replace(/[«»]/g, '')]]);
  const { errors, warnings } = load(files, memory);
  const all = code.startsWith('W') ? [...errors, ...warnings] : errors;
  const problem = all.find((other) => other.code === code && other.file === file);
  const others = all.filter((other) => other !== problem && !also.includes(other.code));
  return {
    mistake,
    all,
    isCaught: problem !== undefined,
    isAlone: others.length === 0,
    problem: problem && { ...problem, right: markedPlace(marked) },
  };
}

export const isLineRight = ({ problem }: Found): boolean =>
  problem?.right === undefined || problem.line === problem.right.line;

/** Where it begins and where it ends. */
export const isColumnRight = (found: Found): boolean => {
  const { problem } = found;
  if (problem?.right === undefined) return true;
  return (
    isLineRight(found) && problem.column === problem.right.column && problem.end_column === problem.right.end_column
  );
};

/** The first name in quotes is what was meant. */
export const isSuggestionRight = ({ mistake, problem }: Found): boolean =>
  problem?.hint?.startsWith(`did you mean '${mistake.suggests}'?`) === true;
