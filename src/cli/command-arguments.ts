import { type ParseArgsConfig, parseArgs } from 'node:util';
import { DamagedFile } from '../adapters/files/read-lines.js';
import type { Result } from '../model/result.js';
import type { Environment } from '../tool-config.js';
import { systemErrorLine } from './system-error-line.js';

export type { Environment };

type Options = NonNullable<ParseArgsConfig['options']>;

export interface ParsedArguments {
  readonly positionals: readonly string[];
  /** Value of `--name VALUE`. */
  text(name: string): string | undefined;
  /** Was `--name` given? */
  flag(name: string): boolean;
}

/** What is wrong with a command line, or with what it names; shown in one line where one tells it. */
export class UsageError extends Error {}

/** What is wrong with the files that a command is about: a text for people, and each error for programs. */
export class BrokenFiles extends UsageError {
  constructor(
    text: string,
    readonly errors: readonly unknown[],
  ) {
    super(text);
  }
}

/** What was opened; throws `UsageError` with the lines that say why it could not be. */
export function opened<T>(result: Result<T, readonly string[]>): T {
  if (result.ok) return result.value;
  throw new UsageError(result.error.join('\n'));
}

/** The same for what has something to tell of its data, which is told on stderr. */
export function openedWith<T extends { readonly notices: readonly string[] }>(result: Result<T, readonly string[]>): T {
  const found = opened(result);
  for (const notice of found.notices) complain(notice);
  return found;
}

export function parseArguments(args: readonly string[], options: Options): ParsedArguments {
  const { positionals, values } = parseOrComplain(args, options);
  return {
    positionals,
    text: (name) => {
      const value = values.get(name);
      return typeof value === 'string' ? value : undefined;
    },
    flag: (name) => values.get(name) === true,
  };
}

function parseOrComplain(args: readonly string[], options: Options) {
  try {
    const { positionals, values } = parseArgs({ args: withNegatives(args, options), options, allowPositionals: true });
    return { positionals, values: new Map<string, unknown>(Object.entries(values)) };
  } catch (failure) {
    throw new UsageError(complaintOf(failure instanceof Error ? failure.message : String(failure)));
  }
}

/** `--days -3` as `--days=-3`: a number below zero is a value, which the command itself refuses or takes. */
function withNegatives(args: readonly string[], options: Options): string[] {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const joined: string[] = [];
  for (const [index, arg] of args.entries()) {
    const option = index < end && /^-\.?\d/.test(arg) ? openOption(joined.at(-1), options) : undefined;
    if (option === undefined) joined.push(arg);
    else joined.splice(-1, 1, `--${option}=${arg}`);
  }
  return joined;
}

/** The name of an option that waits for its value. */
function openOption(arg: string | undefined, options: Options): string | undefined {
  const isIt = ([name, { type, short }]: [string, Options[string]]): boolean =>
    type === 'string' && (arg === `--${name}` || (short !== undefined && arg === `-${short}`));
  return Object.entries(options).find(isIt)?.[0];
}

function complaintOf(message: string): string {
  const unknown = /Unknown option '(.+?)'/.exec(message)?.[1];
  if (unknown !== undefined) return `Unknown option '${unknown}'; --help tells what there is`;
  const [, option, form] = /Option '(.*)' argument is ambiguous.*use '(.*)'/s.exec(message) ?? [];
  if (option === undefined) return message.split('\n', 1).join('');
  return `${option} needs a value; one that begins with a dash is written ${form}`;
}

interface CommandSpec {
  readonly usage: string;
  readonly options: Options;
  /** How many words it takes beside its options, none by default; `any` where it looks at them itself. */
  readonly takes?: number | 'any';
  /** Exit status when the command line is wrong, or the system refuses something; 1 by default. */
  readonly refused?: number;
  run(args: ParsedArguments, environment: Environment): Promise<number>;
}

/** Help, usage errors and exit status, the same for every command. */
export const defineCommand =
  ({ usage, options, takes = 0, refused = 1, run }: CommandSpec) =>
  async (args: string[], environment: Environment = {}): Promise<number> => {
    try {
      if (args.includes('--help') || args.includes('-h')) {
        print(usage);
        return 0;
      }
      const parsed = parseArguments(args, options);
      const extra = takes === 'any' ? undefined : parsed.positionals[takes];
      if (extra !== undefined) throw new UsageError(`'${extra}' is one word too many; --help tells what it takes`);
      return await run(parsed, environment);
    } catch (failure) {
      showFailure(failure, { json: asksForJson(args, options) });
      return refused;
    }
  };

/** Also where the rest of the command line cannot be read. */
const asksForJson = (args: readonly string[], options: Options): boolean =>
  options.json?.type === 'boolean' &&
  (args.includes('--') ? args.slice(0, args.indexOf('--')) : args).includes('--json');

/** What a person or the system got wrong, on stderr, and for programs on stdout too; anything else is thrown on. */
export function showFailure(failure: unknown, { json }: { readonly json: boolean }): void {
  const isTold = failure instanceof UsageError || failure instanceof DamagedFile;
  const line = isTold ? failure.message : systemErrorLine(failure);
  if (line === undefined) throw failure;
  if (json) printJson(refusalOf(failure, line));
  complain(line);
}

/** For programs: `error` as people read it, or `errors` of the files as `rules check --json` has them. */
const refusalOf = (failure: unknown, line: string) =>
  failure instanceof BrokenFiles ? { ok: false, errors: failure.errors } : { ok: false, error: line, errors: [] };

export const print = (text: string): void => {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
};

export const printJson = (value: unknown): void => print(JSON.stringify(value));

export const complain = (message: string): void => {
  process.stderr.write(`portcullis: ${message}\n`);
};
