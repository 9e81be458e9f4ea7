import { stat } from 'node:fs/promises';
import { dataSource } from '../adapters/files/data-source.js';
import { type UpdateReport, updateData } from '../adapters/files/update-data.js';
import { readToolConfig } from '../tool-config.js';
import { complain, defineCommand, print, printJson, UsageError } from './command-arguments.js';
import { rulesDirectory } from './load-rules.js';

const usage = `usage: portcullis data update --from DIR|URL [--rules DIR] [--data-dir DIR] [--json]

Replaces lists in the rules' lists/ and IP tables in DATA_DIR by newer ones. Everything is checked first: one bad file
changes nothing. A service that runs takes lists over at once; tables and databases it reads at its next start. Read are
the list files of the rule set (vpn.txt, tor.txt, …; in lists/ or beside), asn.csv (start,end,asn,name), country.csv
(start,end,CC), and from a folder *.mmdb.
  --from DIR|URL  a folder, or an http(s) address under which the files lie
  --rules DIR     the rules (RULES_DIR, or rules)
  --data-dir DIR  where tables are kept (DATA_DIR, or .portcullis)
  --json          {"changed","unchanged","problems","notes"} for programs
Exit status: 0 when all is well, else 1.`;

/** `data update` */
export const run = defineCommand({
  usage,
  options: {
    from: { type: 'string' },
    rules: { type: 'string' },
    'data-dir': { type: 'string' },
    json: { type: 'boolean' },
  },
  async run(args, environment) {
    const from = args.text('from');
    if (from === undefined) throw new UsageError('data update needs --from DIR or --from URL');
    const source = await usableSource(from);
    const found = await updateData(dataSource(from), {
      rulesDir: rulesDirectory(args.text('rules'), environment),
      dataDir: args.text('data-dir') ?? readToolConfig(environment).dataDir,
      today: new Date().toISOString().slice(0, 10),
      from: source.isFolder ? 'a local folder' : source.shown,
    });
    const nothing = `there is no list or table in ${source.shown}`;
    const report = isEmpty(found) ? { ...found, problems: [nothing] } : found;
    if (args.flag('json')) printJson(report);
    else show(report);
    return report.problems.length > 0 ? 1 : 0;
  },
});

/** Where it comes from, without the password that an address may have. */
async function usableSource(from: string): Promise<{ readonly isFolder: boolean; readonly shown: string }> {
  if (/^https?:\/\//i.test(from)) {
    if (!URL.canParse(from)) throw new UsageError('--from: this is no address');
    const { origin, pathname } = new URL(from);
    return { isFolder: false, shown: `${origin}${pathname}` };
  }
  const found = await stat(from).catch(() => undefined);
  if (found?.isDirectory() === true) return { isFolder: true, shown: from };
  const scheme = /^[a-z][a-z0-9+.-]*(?=:\/\/)/i.exec(from)?.[0];
  if (scheme !== undefined) throw new UsageError(`--from: expected a folder or an http(s) address, not ${scheme}://…`);
  throw new UsageError(`--from: ${found === undefined ? 'there is no folder' : 'this is no folder:'} '${from}'`);
}

const isEmpty = ({ changed, unchanged, problems }: UpdateReport): boolean =>
  changed.length + unchanged.length + problems.length === 0;

function show(report: UpdateReport): void {
  for (const problem of report.problems) complain(problem);
  if (report.problems.length > 0) complain('nothing was changed');
  for (const what of report.changed) print(`updated    ${what}`);
  for (const what of report.unchanged) print(`unchanged  ${what}`);
  for (const note of report.notes) print(`note       ${note}`);
}
