import { existsSync } from 'node:fs';
import { readLines } from '../adapters/files/read-lines.js';
import { unreadableReason } from '../replay/unreadable-line.js';
import { type EvalResult, evalExpression, expressionFile, type ShownReading } from '../ruleset/eval-expression.js';
import { parseGiven } from '../ruleset/parse-given.js';
import { renderProblem } from '../ruleset/render-problem.js';
import type { RuleProblem } from '../ruleset/rule-problem.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { givenSlots } from '../ruleset/run-inline-tests.js';
import { didYouMean } from '../ruleset/yaml/read-fields.js';
import { complain, defineCommand, type ParsedArguments, print, printJson, UsageError } from './command-arguments.js';
import { parseJson, readGivenOrEvent } from './given-or-event.js';
import { ruleSetOrNone } from './load-rules.js';

const usage = `usage: portcullis rules eval -e EXPR [EVENT.json] [--given JSON] [--rules DIR] [--json]
       portcullis rules eval --batch CASES.jsonl [--rules DIR]

Evaluates one expression; names are those of the rule set (RULES_DIR, or rules). A name that is not given is absent.
  -e EXPR        the expression
  EVENT.json     an event, whose signals are computed
  --given JSON   values by name: '{"accounts_per_card_90d":3,"ip.is_vpn":{"unavailable":"no data"}}'
  --batch FILE   lines {"expr","given"}, - is standard input; prints one line of JSON for each
Exit status: 1 when the expression is wrong; with --batch 0, and each line tells its own mistakes.`;

/** `rules eval` */
export const run = defineCommand({
  usage,
  takes: 'any',
  options: {
    expr: { type: 'string', short: 'e' },
    given: { type: 'string' },
    rules: { type: 'string' },
    batch: { type: 'string' },
    json: { type: 'boolean' },
  },
  async run(args, environment) {
    const asked = readQuestion(args);
    const ruleSet = await ruleSetOrNone(args.text('rules'), environment);
    if (ruleSet === undefined) return 1;
    if (asked.batch !== undefined) return runBatch(asked.batch, ruleSet);
    const slots = await readGivenOrEvent({ file: asked.file, given: args.text('given'), environment }, ruleSet);
    const result = evalExpression(asked.expression, ruleSet, slots);
    if (!result.ok) return showErrors(result.error, asked.expression, args.flag('json'));
    if (args.flag('json')) printJson(result.value);
    else print(resultText(result.value));
    return 0;
  },
});

type Question =
  | { readonly batch: string }
  | { readonly batch?: undefined; readonly expression: string; readonly file: string | undefined };

function readQuestion(args: ParsedArguments): Question {
  const [batch, expression] = [args.text('batch'), args.text('expr')];
  const [file, more] = args.positionals;
  if (batch !== undefined) {
    if (expression === undefined && file === undefined && args.text('given') === undefined) return { batch };
    throw new UsageError('--batch brings expressions and values of its own: nothing goes with it');
  }
  if (expression === undefined)
    throw new UsageError(
      file === undefined || existsSync(file)
        ? 'rules eval needs -e EXPR or --batch FILE'
        : `an expression comes after -e: rules eval -e '${file}'`,
    );
  if (more !== undefined) throw new UsageError(`rules eval takes one event, and '${more}' is a second`);
  return { expression, file };
}

function showErrors(errors: readonly RuleProblem[], expression: string, json: boolean): number {
  const lines = expression.split('\n');
  if (json) printJson(errors.length > 1 ? { error: errors[0], errors } : { error: errors[0] });
  else
    for (const error of errors)
      print(renderProblem(error, 'error', { path: expressionFile, line: lines[error.line - 1] ?? '' }));
  return 1;
}

function resultText({ result, value, reads }: EvalResult): string {
  const answer = result === undefined ? value : result;
  const values = Object.entries(reads).map(([name, reading]) => `  ${name} ${readingText(reading)}`);
  return [String(answer ?? 'unknown'), ...values].join('\n');
}

function readingText(reading: ShownReading): string {
  if (reading === null) return 'is missing';
  return typeof reading === 'object' ? `could not be had: ${reading.unavailable}` : `= ${JSON.stringify(reading)}`;
}

async function runBatch(file: string, ruleSet: RuleSet): Promise<number> {
  let count = 0;
  for await (const lines of readLines(file)) {
    const answers = lines.flatMap((line) => (line.trim() === '' ? [] : [JSON.stringify(evalCase(line, ruleSet))]));
    if (answers.length > 0) print(answers.join('\n'));
    count += answers.length;
  }
  if (count === 0) complain('the batch holds no case');
  return 0;
}

function suggestion(key: string): { readonly hint?: string } {
  const hint = didYouMean(key, ['expr', 'given']);
  return hint === undefined ? {} : { hint };
}

function evalCase(line: string, ruleSet: RuleSet): unknown {
  const parsed = parseJson(line);
  const body = parsed.ok && typeof parsed.value === 'object' && parsed.value !== null ? parsed.value : {};
  const expression = 'expr' in body && typeof body.expr === 'string' ? body.expr : undefined;
  if (expression === undefined)
    return {
      error: {
        code: 'E012',
        message: unreadableReason(line) ?? 'a case is a JSON object {"expr": TEXT, "given": {…}}',
      },
    };
  const [spare] = Object.keys(body).filter((key) => key !== 'expr' && key !== 'given');
  if (spare !== undefined)
    return { error: { code: 'E010', message: `a case has no '${spare}'`, ...suggestion(spare) } };
  const given = parseGiven('given' in body ? (body.given ?? {}) : {}, ruleSet);
  if (!given.ok) return { error: given.error };
  const result = evalExpression(expression, ruleSet, givenSlots(ruleSet, given.value));
  return result.ok ? result.value : { error: result.error[0] };
}
