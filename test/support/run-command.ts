import type { Environment } from '../../src/cli/command-arguments.js';

export interface CommandRun {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

type Command = (args: string[], environment: Environment) => Promise<number>;
type Stream = 'stdout' | 'stderr';

/** Runs a command in this process and keeps what it prints. One at a time: the output streams belong to all. */
export async function runCommand(command: Command, args: string[], environment: Environment = {}): Promise<CommandRun> {
  const printed: Record<Stream, string> = { stdout: '', stderr: '' };
  const before = { stdout: process.stdout.write, stderr: process.stderr.write };
  for (const stream of ['stdout', 'stderr'] as const)
    process[stream].write = (chunk: string | Uint8Array): boolean => {
      printed[stream] += String(chunk);
      return true;
    };
  try {
    const status = await command(args, environment);
    return { status, out: printed.stdout, err: printed.stderr };
  } finally {
    process.stdout.write = before.stdout;
    process.stderr.write = before.stderr;
  }
}
