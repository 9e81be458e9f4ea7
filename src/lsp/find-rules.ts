import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

interface WhereToLook {
  /** `--rules` or RULES_DIR. */
  readonly given: string | undefined;
  /** Where the editor has no rules open. */
  readonly otherwise: string;
  /** Folders that the editor has open, as URIs. */
  readonly roots: readonly string[];
  readonly workingDirectory: string;
}

const looksLikeRules = (folder: string): boolean =>
  ['policy.yml', 'reasons.yml'].some((name) => existsSync(join(folder, name)));

const sections = /^(?:features|links|predicates|rules|policy|reasons):/m;

/** A folder of its own, without the files that rule sets usually have. */
function holdsRules(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const files = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isFile() && one.name.endsWith('.yml'));
  return files.some(({ name }) => sections.test(readFileSync(join(folder, name), 'utf8')));
}

/** The rules folder: the one that was named, else the first below what the editor has open, else the usual one. */
export function findRules({ given, otherwise, roots, workingDirectory }: WhereToLook): string {
  const folders = roots.filter((uri) => uri.startsWith('file:')).map((uri) => fileURLToPath(uri));
  if (given !== undefined) {
    const places = [...folders, workingDirectory].map((folder) => resolve(folder, given));
    return places.find((place) => existsSync(place)) ?? resolve(workingDirectory, given);
  }
  const places = folders.flatMap((folder) => [join(folder, 'rules'), folder]);
  const found = places.find(looksLikeRules) ?? places.find(holdsRules);
  return found ?? resolve(workingDirectory, otherwise);
}
