import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { replayRules, withFiles } from '../support/replay.js';
import { ensureBuilt, projectRoot } from '../support/service.js';

beforeAll(ensureBuilt, 120_000);

/** Started, and ended by a signal while its output is on the way; how it ended, and which files there are then. */
const interrupted = (args: readonly string[], signal: NodeJS.Signals) =>
  withFiles({ 'rules/all.yml': replayRules, 'out.jsonl': 'earlier\n' }, async (folder) => {
    const words = args.map((word) => word.replace('FOLDER', folder));
    // Its standard input stays open: a replay waits for more.
    const child = spawn('node', ['--no-warnings', join(projectRoot, 'dist/main.js'), ...words], { cwd: projectRoot });
    const files = async (): Promise<string[]> => (await readdir(folder, { recursive: true })).sort();
    await eventually(async () => (await files()).some((name) => name.endsWith('.tmp')));
    child.kill(signal);
    const [, endedBy] = await once(child, 'exit');
    return {
      endedBy,
      unfinished: (await files()).filter((name) => name.endsWith('.tmp')),
      earlier: await kept(folder),
    };
  });

const kept = (folder: string): Promise<string> => readFile(join(folder, 'out.jsonl'), 'utf8');

const replay = ['replay', '-', '--rules', 'FOLDER/rules', '--out', 'FOLDER/out.jsonl'];
const simulate = ['simulate', '--accounts', '100000', '--out', 'FOLDER/campaign'];

describe('a command that a signal ends while it writes', () => {
  it.each([
    ['replay', replay, 'SIGINT'],
    ['replay', replay, 'SIGTERM'],
    ['simulate', simulate, 'SIGINT'],
    ['simulate', simulate, 'SIGTERM'],
  ] as const)(
    'leaves nothing half done behind: %s %j %s',
    async (_, args, signal) => {
      expect(await interrupted(args, signal)).toEqual({ endedBy: signal, unfinished: [], earlier: 'earlier\n' });
    },
    60_000,
  );
});
