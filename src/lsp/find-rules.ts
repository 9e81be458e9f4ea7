import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface WhereToLook {
  /** `--rules` or RULES_DIR. */
  readonly given: string | undefined;
  /** Folders that the editor has open, as URIs. */
  readonly roots: readonly string[];
  readonly workingDirectory: string;
}

const looksLikeRules = (folder: string): boolean =>
  ['policy.yml', 'reasons.yml'].some((name) => existsSync(join(folder, name)));

/** The rules folder: the one that was named, else the first below what the editor has open, else `rules`. */
export function findRules({ given, roots, workingDirectory }: WhereToLook): string {
  const folders = roots.filter((uri) => uri.startsWith('file:')).map((uri) => fileURLToPath(uri));
  if (given !== undefined) {
    const places = [...folders, workingDirectory].map((folder) => resolve(folder, given));
    return places.find((place) => existsSync(place)) ?? resolve(workingDirectory, given);
  }
  const places = folders.flatMap((folder) => [join(folder, 'rules'), folder]);
  const found = places.find(looksLikeRules) ?? folders.map((folder) => join(folder, 'rules')).find(existsSync);
  return found ?? resolve(workingDirectory, 'rules');
}
