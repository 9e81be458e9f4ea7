import type { SourceRange } from '../ruleset/yaml/source-file.js';
import { field } from './describe.js';
import type { Declaration } from './file-index.js';
import type { RuleIndex } from './rule-index.js';

/** What a file declares, in its order. */
export interface OutlineEntry extends SourceRange {
  readonly kind: Declaration['kind'];
  readonly name: string;
  readonly detail: string;
  readonly nameAt: SourceRange;
}

export function outline(path: string, index: RuleIndex): readonly OutlineEntry[] {
  const file = index.files.get(path);
  return (file?.declarations ?? [])
    .filter(({ key }) => key.file === file?.file)
    .map((declaration) => ({
      kind: declaration.kind,
      name: declaration.name,
      detail: detailOf(declaration),
      start: Math.min(declaration.start, declaration.key.start),
      end: Math.max(declaration.end, declaration.key.end),
      nameAt: { start: declaration.key.start, end: declaration.key.end },
    }))
    .sort((a, b) => a.start - b.start);
}

const detailKeys: Readonly<Record<Declaration['kind'], string>> = {
  rule: 'family',
  feature: 'window',
  link: 'strength',
  predicate: '',
  reason: 'title',
};

const detailOf = (declaration: Declaration): string => field(declaration, detailKeys[declaration.kind]) ?? '';
