import { existsSync } from 'node:fs';
import {
  type CompletionItem,
  CompletionItemKind,
  type Diagnostic,
  DiagnosticSeverity,
  type DocumentSymbol,
  InsertTextFormat,
  MarkupKind,
  type Position,
  type Range,
  SymbolKind,
} from 'vscode-languageserver/node';
import type { Completion, CompletionKind, Completions } from '../authoring/completion.js';
import type { OutlineEntry } from '../authoring/outline.js';
import type { SourceFile, SourceRange } from '../ruleset/yaml/source-file.js';
import type { FoundProblem } from './problem-watch.js';

function positionOf(file: SourceFile, offset: number): Position {
  const { line, column } = file.place({ start: offset, end: offset });
  return { line: line - 1, character: column - 1 };
}

export const rangeOf = (file: SourceFile, { start, end }: SourceRange): Range => ({
  start: positionOf(file, start),
  end: positionOf(file, end),
});

export const problemRange = ({ line, column, end_column: end }: FoundProblem): Range => ({
  start: { line: line - 1, character: column - 1 },
  end: { line: line - 1, character: end - 1 },
});

const pages = new URL('../../docs/errors/', import.meta.url);

/** The page that explains a code, where it is at hand. */
function pageOf(code: string): string | undefined {
  const page = new URL(`${code}.md`, pages);
  return existsSync(page) ? page.href : undefined;
}

export function diagnosticOf(problem: FoundProblem): Diagnostic {
  const { code, message, hint, severity } = problem;
  const href = pageOf(code);
  return {
    range: problemRange(problem),
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code,
    source: 'portcullis',
    message: hint === undefined ? message : `${message}\n${hint}`,
    ...(href === undefined ? {} : { codeDescription: { href } }),
  };
}

const itemKinds: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  signal: CompletionItemKind.Field,
  feature: CompletionItemKind.Variable,
  predicate: CompletionItemKind.Constant,
  list: CompletionItemKind.File,
  function: CompletionItemKind.Function,
  method: CompletionItemKind.Method,
  value: CompletionItemKind.EnumMember,
  key: CompletionItemKind.Property,
  operator: CompletionItemKind.Operator,
  snippet: CompletionItemKind.Snippet,
};

/** `range` is what each takes the place of. */
export const completionItems = (
  { items }: Completions,
  range: Range,
  { snippets }: { snippets: boolean },
): CompletionItem[] => items.map((item, place) => itemOf(item, { range, place, snippets }));

function itemOf(
  { label, kind, detail, doc, insert, isSnippet }: Completion,
  { range, place, snippets }: { range: Range; place: number; snippets: boolean },
): CompletionItem {
  const isFilledIn = isSnippet === true && snippets;
  const newText = isSnippet === true && !snippets ? withoutPlaces(insert ?? label) : (insert ?? label);
  return {
    label,
    kind: itemKinds[kind],
    sortText: String(place).padStart(4, '0'),
    filterText: label,
    textEdit: { range, newText },
    insertTextFormat: isFilledIn ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    ...(detail === undefined ? {} : { detail }),
    ...documentation(typeof doc === 'string' ? doc : undefined),
    data: place,
  };
}

const documentation = (value: string | undefined): Pick<CompletionItem, 'documentation'> =>
  value === undefined ? {} : { documentation: { kind: MarkupKind.Markdown, value } };

/** With what takes work to tell. */
export const resolvedItem = (item: CompletionItem, { doc }: Completion): CompletionItem => ({
  ...item,
  ...documentation(typeof doc === 'function' ? doc() : doc),
});

const withoutPlaces = (text: string): string => text.replace(/\$\{\d+:([^}]*)\}/g, '$1');

const symbolKinds: Readonly<Record<OutlineEntry['kind'], SymbolKind>> = {
  rule: SymbolKind.Class,
  feature: SymbolKind.Variable,
  predicate: SymbolKind.Boolean,
  link: SymbolKind.Interface,
  reason: SymbolKind.Constant,
};

export const symbolOf = (file: SourceFile, entry: OutlineEntry): DocumentSymbol => ({
  name: entry.name,
  detail: entry.detail,
  kind: symbolKinds[entry.kind],
  range: rangeOf(file, entry),
  selectionRange: rangeOf(file, entry.nameAt),
});
