import { openFilesComplaint, openFilesRemedy } from './adapters/files/open-files-limit.js';
import { defineCommand, type Environment, print, printJson } from './cli/command-arguments.js';
import type { Diagnosis } from './cli/doctor/diagnose.js';
import { fail } from './cli/doctor/finding.js';

const usage = `usage: portcullis doctor [--json]

Looks at this machine and its configuration (the environment) as a start would find them, one line for each check: ok, warn,
or fail with what to do. Changes nothing, tells no secret, and needs no running service.
Exit status: 0, or 1 when anything fails.`;

/** `doctor` */
export const run = defineCommand({
  usage,
  options: { json: { type: 'boolean' } },
  async run(args, environment) {
    const diagnosis = await diagnosisOf(environment);
    if (args.flag('json')) printJson(diagnosis);
    else print(textOf(diagnosis));
    return diagnosis.ok ? 0 : 1;
  },
});

/** All that looks is hundreds of files: where they cannot be opened, that is all there is to say. */
async function diagnosisOf(environment: Environment): Promise<Diagnosis> {
  const complaint = openFilesComplaint();
  if (complaint !== undefined) return { ok: false, checks: [fail('open_files', complaint, openFilesRemedy)] };
  const { diagnose } = await import('./cli/doctor/diagnose.js');
  return diagnose(environment, { nodeVersion: process.version, now: Date.now() });
}

function textOf({ checks }: Diagnosis): string {
  const width = Math.max(...checks.map(({ check }) => check.length));
  const lines = checks.map(({ level, check, says, todo }) => {
    const line = `${level.padEnd(4)}  ${check.padEnd(width)}  ${says}`;
    return todo === undefined ? line : `${line}\n${' '.repeat(width + 8)}→ ${todo}`;
  });
  const count = (wanted: string): number => checks.filter(({ level }) => level === wanted).length;
  return [...lines, '', `${count('ok')} ok, ${count('warn')} warn, ${count('fail')} fail`].join('\n');
}
