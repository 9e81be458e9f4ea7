import type { Environment } from './command-arguments.js';

/** A command: its words, one line about it, and how to load it. Commands load lazily, so that each starts quickly. */
export interface Command {
  readonly words: string;
  readonly summary: string;
  readonly load: () => Promise<{ run(args: string[], environment: Environment): Promise<number> }>;
}

export interface Surroundings {
  readonly environment: Environment;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** Finds the command that the arguments name and runs it; the answer is the exit status. */
export async function runCommandLine(
  args: readonly string[],
  commands: readonly Command[],
  { environment, out, error }: Surroundings,
): Promise<number> {
  const command = commands.find(({ words }) => words.split(' ').every((word, index) => args[index] === word));
  if (command !== undefined) {
    const { run } = await command.load();
    return run(args.slice(command.words.split(' ').length), environment);
  }
  const asked = args[0];
  const wantsHelp = asked === undefined || asked === 'help' || args.includes('--help') || args.includes('-h');
  const group = commands.filter(({ words }) => words.startsWith(`${asked} `));
  if (wantsHelp || group.length > 0) {
    out(helpText(group.length > 0 ? group : commands));
    return wantsHelp ? 0 : 1;
  }
  error(`portcullis: there is no command '${args.join(' ')}'; 'portcullis --help' lists them`);
  return 1;
}

function helpText(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ words }) => words.length));
  const lines = commands.map(({ words, summary }) => `  ${words.padEnd(width)}  ${summary}`);
  return ['usage: portcullis <command> [options]; every command has --help', '', ...lines, ''].join('\n');
}
