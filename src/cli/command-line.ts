import type { Environment } from './command-arguments.js';

/** A command: its words, one line about it, and how to load it. Commands load lazily, so that each starts quickly. */
export interface Command {
  readonly words: string;
  readonly summary: string;
  readonly load: () => Promise<{ run(args: string[], environment: Environment): Promise<number> }>;
}

interface Surroundings {
  readonly environment: Environment;
  /** Read when it is asked for. */
  readonly version: () => string;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** Finds the command that the arguments name and runs it; the answer is the exit status. */
export async function runCommandLine(
  given: readonly string[],
  commands: readonly Command[],
  { environment, version, out, error }: Surroundings,
): Promise<number> {
  const args = given[0] === 'help' ? [...given.slice(1), '--help'] : given;
  const command = commands.find(({ words }) => words.split(' ').every((word, index) => args[index] === word));
  if (command !== undefined) {
    const { run } = await command.load();
    return run(args.slice(command.words.split(' ').length), environment);
  }
  const asked = askedWords(args).join(' ');
  if (asked === '' && args[0] === '--version') {
    out(version());
    return 0;
  }
  const group = asked === '' ? commands : commands.filter(({ words }) => words.startsWith(`${asked} `));
  const wantsHelp = args.length === 0 || args.includes('--help') || args.includes('-h');
  if (group.length > 0 && (wantsHelp || asked !== '')) {
    out(helpText(group));
    return wantsHelp ? 0 : 1;
  }
  const line = `there is no command '${asked || args.join(' ')}'; 'portcullis --help' lists them`;
  if (args.includes('--json')) out(JSON.stringify({ ok: false, error: line, errors: [] }));
  error(`portcullis: ${line}`);
  return 1;
}

/** What stands before the first option. */
function askedWords(args: readonly string[]): readonly string[] {
  const options = args.findIndex((arg) => arg.startsWith('-'));
  return options === -1 ? args : args.slice(0, options);
}

function helpText(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ words }) => words.length));
  const lines = commands.map(({ words, summary }) => `  ${words.padEnd(width)}  ${summary}`);
  return ['usage: portcullis <command> [options]; every command has --help', '', ...lines, ''].join('\n');
}
