import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { readLines } from '../adapters/files/read-lines.js';
import { unreadableReason } from '../replay/unreadable-line.js';
import { parseGiven } from '../ruleset/parse-given.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { complain, defineCommand, type Environment, print, UsageError } from './command-arguments.js';
import { parseJson, readGivenOrEvent } from './given-or-event.js';
import { ruleSetOrNone } from './load-rules.js';
import { ReplSession } from './repl-session.js';

const usage = `usage: portcullis rules repl [EVENT.json | dec_…] [--given JSON] [--rules DIR]

Expressions and rules, tried line by line: type an expression for its value, 'name = value' to give an input one, and
:help for the rest. Reads from a pipe too, a line each.
  EVENT.json     an event, whose signals are computed
  dec_…          what a decision saw; the running service is asked
  --given JSON   values by name
  --rules DIR    rule set (RULES_DIR, or rules)
Exit status: 1 when a line of a pipe was wrong.`;

/** `rules repl` */
export const run = defineCommand({
  usage,
  takes: 'any',
  options: { given: { type: 'string' }, rules: { type: 'string' } },
  async run(args, environment) {
    const [what, more] = args.positionals;
    if (more !== undefined) throw new UsageError('rules repl takes one event or decision');
    const ruleSet = await ruleSetOrNone(args.text('rules'), environment);
    if (ruleSet === undefined) return 1;
    const load = (from: string) => loadSlots(from, ruleSet, environment);
    const given = readGiven(args.text('given'), ruleSet);
    const loaded = what === undefined ? undefined : await load(what);
    const session = new ReplSession({ ruleSet, now: () => Date.now(), load }, { loaded, given });
    return process.stdin.isTTY === true ? converse(session, ruleSet) : readPipe(session);
  },
});

async function loadSlots(what: string, ruleSet: RuleSet, environment: Environment) {
  if (!what.startsWith('dec_') || existsSync(what))
    return readGivenOrEvent({ file: what, given: undefined, environment }, ruleSet);
  // Brings zod and the configuration along: loaded only when a service is to be asked.
  const { decisionSlots, fetchDecision } = await import('./stored-decision.js');
  return decisionSlots(await fetchDecision(what, environment), ruleSet);
}

function readGiven(given: string | undefined, ruleSet: RuleSet) {
  if (given === undefined) return new Map();
  const parsed = parseJson(given);
  if (!parsed.ok) throw new UsageError(`--given is not JSON: ${parsed.error}`);
  const readings = parseGiven(parsed.value, ruleSet);
  if (readings.ok) return readings.value;
  throw new UsageError([readings.error.message, readings.error.hint].filter((part) => part !== undefined).join('; '));
}

/** A load that fails is told like any other mistake: the session goes on. */
const submit = (session: ReplSession, line: string) =>
  session.submit(line).catch((failure: unknown) => {
    if (failure instanceof UsageError) return { ok: false, text: failure.message, quit: undefined };
    throw failure;
  });

/** With a prompt, completion and what was typed before; nothing of it is kept. */
async function converse(session: ReplSession, { rules, version }: RuleSet): Promise<number> {
  print(`${rules.length} rules, version ${version}; :help, :quit`);
  const terminal = createInterface({
    input: process.stdin,
    output: process.stdout,
    prompt: '> ',
    completer: (line: string) => session.complete(line),
  });
  terminal.prompt();
  for await (const line of terminal) {
    const { text, quit } = await submit(session, line);
    if (text !== '') print(text);
    if (quit === true) break;
    terminal.prompt();
  }
  terminal.close();
  return 0;
}

/** No prompts; mistakes go to standard error with the number of their line. */
async function readPipe(session: ReplSession): Promise<number> {
  let failed = 0;
  let number = 0;
  for await (const line of pipedLines()) {
    number++;
    const unreadable = unreadableReason(line);
    const { ok, text, quit } =
      unreadable === undefined ? await submit(session, line) : { ok: false, text: unreadable, quit: undefined };
    if (!ok) {
      failed++;
      complain(`line ${number}: ${text}`);
    } else if (text !== '') print(text);
    if (quit === true) break;
  }
  return failed > 0 ? 1 : 0;
}

async function* pipedLines(): AsyncGenerator<string> {
  for await (const lines of readLines('-')) for (const line of lines) yield line.replace(/\r$/, '');
}
