import { finishSteps, type Steps } from '../model/steps.js';
import type { Declaration, DeclarationKind, FileIndex, PlacedMention } from './file-index.js';
import { indexFile } from './file-index.js';

/** A list file of the folder. */
export interface ListFile {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/** A declaration with the file that it stands in. */
export interface PlacedDeclaration extends Declaration {
  readonly path: string;
}

const listForm = /^lists\/([a-z][a-z0-9_]*)\.txt$/;

/** What all files of a rules folder declare and mention. Immutable; files that have not changed are not read again. */
export class RuleIndex {
  readonly #names = new Map<DeclarationKind, Map<string, PlacedDeclaration>>();
  #readers: ReadonlyMap<string, ReadonlySet<string>> | undefined;

  private constructor(
    readonly files: ReadonlyMap<string, FileIndex>,
    readonly lists: ReadonlyMap<string, ListFile>,
  ) {
    for (const [path, { declarations }] of files)
      for (const declaration of declarations) this.#add({ ...declaration, path });
  }

  static readonly empty = new RuleIndex(new Map(), new Map());

  /** `texts` by path relative to the folder. */
  static of(texts: ReadonlyMap<string, string>, before: RuleIndex = RuleIndex.empty): RuleIndex {
    return finishSteps(RuleIndex.steps(texts, before));
  }

  /** The same, a file at a time. */
  static *steps(texts: ReadonlyMap<string, string>, before: RuleIndex): Steps<RuleIndex> {
    const files = new Map<string, FileIndex>();
    const lists = new Map<string, ListFile>();
    for (const [path, text] of texts) {
      const list = listForm.exec(path)?.[1];
      if (list !== undefined) lists.set(list, { name: list, path, text });
      else if (path.endsWith('.yml')) files.set(path, indexAgain(path, text, before.files.get(path)));
      yield;
    }
    return new RuleIndex(files, lists);
  }

  /** The declarations of a kind by name; the first counts. */
  named(kind: DeclarationKind): ReadonlyMap<string, PlacedDeclaration> {
    return this.#names.get(kind) ?? new Map();
  }

  /** Every mention in every file. */
  *mentions(): Iterable<PlacedMention> {
    for (const { mentions } of this.files.values()) yield* mentions;
  }

  /** Rules and others that read an input, or a member of it, by its name without the member. */
  readersOf(name: string): ReadonlySet<string> {
    this.#readers ??= readersByName(this.mentions());
    return this.#readers.get(name) ?? new Set();
  }

  #add(declaration: PlacedDeclaration): void {
    const names = this.#names.get(declaration.kind) ?? new Map<string, PlacedDeclaration>();
    if (!names.has(declaration.name)) names.set(declaration.name, declaration);
    this.#names.set(declaration.kind, names);
  }
}

function readersByName(mentions: Iterable<PlacedMention>): ReadonlyMap<string, ReadonlySet<string>> {
  const readers = new Map<string, Set<string>>();
  for (const { kind, name, within } of mentions) {
    if (kind !== 'input' || within === undefined) continue;
    for (const known of [name, name.split('.')[0] ?? name]) {
      const found = readers.get(known) ?? new Set();
      readers.set(known, found.add(within));
    }
  }
  return readers;
}

/** While a file is broken, names that it declared before are still known. */
function indexAgain(path: string, text: string, before: FileIndex | undefined): FileIndex {
  if (before !== undefined && before.file.text === text) return before;
  const now = indexFile(path, text);
  if (now.isWhole || before === undefined) return now;
  const known = new Set(now.declarations.map(({ kind, name }) => `${kind} ${name}`));
  const lost = before.declarations.filter(({ kind, name }) => !known.has(`${kind} ${name}`));
  return { ...now, declarations: [...now.declarations, ...lost] };
}
