import { type ParseArgsConfig, parseArgs } from 'node:util';
import { systemErrorLine } from './system-error-line.js';

/** Environment of the process, handed in by its entry. */
export type Environment = Readonly<Record<string, string | undefined>>;

type Options = NonNullable<ParseArgsConfig['options']>;

export interface ParsedArguments {
  readonly positionals: readonly string[];
  /** Value of `--name VALUE`. */
  text(name: string): string | undefined;
  /** Was `--name` given? */
  flag(name: string): boolean;
}

/** What is wrong with a command line; shown in one line, exit status 1. */
export class UsageError extends Error {}

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
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { positionals, values: new Map<string, unknown>(Object.entries(values)) };
  } catch (failure) {
    throw new UsageError(failure instanceof Error ? (failure.message.split('\n')[0] ?? '') : String(failure));
  }
}

export interface CommandSpec {
  readonly usage: string;
  readonly options: Options;
  /** How many words it takes beside its options, none by default; `any` where it looks at them itself. */
  readonly takes?: number | 'any';
  run(args: ParsedArguments, environment: Environment): Promise<number>;
}

/** Help, usage errors and exit status, the same for every command. */
export const defineCommand =
  ({ usage, options, takes = 0, run }: CommandSpec) =>
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
      const line = failure instanceof UsageError ? failure.message : systemErrorLine(failure);
      if (line === undefined) throw failure;
      complain(line);
      return 1;
    }
  };

export const print = (text: string): void => {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
};

export const printJson = (value: unknown): void => print(JSON.stringify(value));

export const complain = (message: string): void => {
  process.stderr.write(`portcullis: ${message}\n`);
};
