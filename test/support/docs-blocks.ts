import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './service.js';

/** A block between fences, and where it stands. */
export interface DocsBlock {
  /** Relative to the project. */
  readonly page: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
  /** What stands after the fence: `sh`, `yaml wrong`, or nothing. */
  readonly language: string;
  readonly text: string;
}

/** Pages for people; those of single errors have a test of their own (error-pages). */
export const docsPages: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'rules/README.md',
  ...readdirSync(join(projectRoot, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !/^errors\/[EW]\d+\.md$/.test(path))
    .sort()
    .map((path) => `docs/${path}`),
];

export function blocksOf(page: string): readonly DocsBlock[] {
  const blocks: DocsBlock[] = [];
  let open: { line: number; language: string; lines: string[] } | undefined;
  for (const [at, line] of readFileSync(join(projectRoot, page), 'utf8').split('\n').entries()) {
    const fence = /^ {0,3}```(.*)$/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === undefined) open = { line: at + 1, language: (fence[1] ?? '').trim(), lines: [] };
    else {
      blocks.push({
        page,
        line: open.line,
        language: open.language,
        text: open.lines.map((one) => `${one}\n`).join(''),
      });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`${page}:${open.line}: the block has no end`);
  return blocks;
}

export const docsBlocks: readonly DocsBlock[] = docsPages.flatMap(blocksOf);
