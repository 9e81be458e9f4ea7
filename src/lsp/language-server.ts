import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type CompletionItem,
  type Connection,
  DidChangeWatchedFilesNotification,
  type DocumentSymbol,
  type Hover,
  type InitializeParams,
  type InitializeResult,
  type Location,
  MarkupKind,
  TextDocumentSyncKind,
  TextDocuments,
  type TextEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { complete } from '../authoring/complete.js';
import type { Completion } from '../authoring/completion.js';
import { type FilePlace, findDefinition, findReferences } from '../authoring/find-name.js';
import { formatRules } from '../authoring/format-rules.js';
import { hover } from '../authoring/hover.js';
import { outline } from '../authoring/outline.js';
import { quickFixes } from '../authoring/quick-fixes.js';
import { SourceFile } from '../ruleset/yaml/source-file.js';
import { findRules } from './find-rules.js';
import { ProblemWatch } from './problem-watch.js';
import { RulesFolder } from './rules-folder.js';
import { completionItems, diagnosticOf, problemRange, rangeOf, resolvedItem, symbolOf } from './to-protocol.js';

interface LanguageServerOptions {
  /** `--rules` or RULES_DIR. */
  readonly rules: string | undefined;
  /** The folder where neither names one nor the editor has one open. */
  readonly otherwise: string;
  readonly workingDirectory: string;
}

const triggers = ['.', '"', "'", '{', '[', ' '];

const capabilities: InitializeResult['capabilities'] = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
  completionProvider: { triggerCharacters: triggers, resolveProvider: true },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentSymbolProvider: true,
  documentFormattingProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
};

/** Where the text document of a request is, and its file in the folder. */
interface At {
  readonly textDocument: { readonly uri: string };
  readonly position: { readonly line: number; readonly character: number };
}

/** Answers an editor about the rules folder that it has open; what is no part of that is passed over. */
export class LanguageServer {
  readonly #documents = new TextDocuments(TextDocument);
  #folder: RulesFolder;
  #problems: ProblemWatch;
  #snippets = false;
  #canWatch = false;
  #offered: readonly Completion[] = [];

  constructor(
    private readonly connection: Connection,
    private readonly options: LanguageServerOptions,
  ) {
    this.#folder = new RulesFolder(options.rules ?? options.otherwise);
    this.#problems = this.#watch();
  }

  listen(): void {
    const { connection } = this;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => void this.#begin());
    connection.onCompletion((params) => this.#complete(params));
    connection.onCompletionResolve((item) => this.#resolve(item));
    connection.onHover((params) => this.#hover(params));
    connection.onDefinition((params) => this.#definition(params));
    connection.onReferences((params) => this.#references(params));
    connection.onDocumentSymbol(({ textDocument }) => this.#symbols(textDocument.uri));
    connection.onCodeAction((params) => this.#fixes(params));
    connection.onDocumentFormatting(({ textDocument }) => this.#format(textDocument.uri));
    connection.onDidChangeWatchedFiles(() => void this.#refresh());
    this.#documents.onDidChangeContent(({ document }) => this.#changed(document));
    this.#documents.onDidClose(({ document }) => this.#closed(document));
    this.#documents.onDidSave(() => void this.#refresh());
    this.#documents.listen(connection);
    connection.listen();
  }

  #initialize({ workspaceFolders, rootUri, capabilities: client }: InitializeParams): InitializeResult {
    const roots = [...(workspaceFolders ?? []).map(({ uri }) => uri), ...(rootUri === null ? [] : [rootUri])];
    const { rules: given, otherwise, workingDirectory } = this.options;
    this.#folder = new RulesFolder(findRules({ given, otherwise, roots, workingDirectory }));
    this.#problems = this.#watch();
    this.#snippets = client.textDocument?.completion?.completionItem?.snippetSupport === true;
    this.#canWatch = client.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    return { capabilities, serverInfo: { name: 'portcullis' } };
  }

  /** Editors that can watch files tell what changes beside them: a checkout, another program. */
  async #begin(): Promise<void> {
    await this.#refresh();
    if (!this.#canWatch) return;
    const watchers = [{ globPattern: '**/*.{yml,yaml,txt}' }];
    await this.connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
  }

  #watch(): ProblemWatch {
    return new ProblemWatch(this.#folder, (problems) => {
      for (const [path, found] of problems)
        void this.connection.sendDiagnostics({ uri: this.#folder.uriOf(path), diagnostics: found.map(diagnosticOf) });
    });
  }

  async #refresh(): Promise<void> {
    await this.#folder.refresh();
    this.#problems.touch();
    await this.#folder.warm();
  }

  #changed(document: TextDocument): void {
    const path = this.#folder.pathOf(document.uri);
    if (path === undefined) return;
    this.#folder.setOpen(path, document.uri, document.getText());
    this.#problems.touch();
  }

  #closed(document: TextDocument): void {
    const path = this.#folder.pathOf(document.uri);
    if (path === undefined) return;
    this.#folder.close(path);
    void this.#refresh();
  }

  /** The file of a request and the offset in it; undefined for what is not open or no part of the folder. */
  #at({ textDocument, position }: At): { path: string; file: SourceFile; offset: number } | undefined {
    const path = this.#folder.pathOf(textDocument.uri);
    const document = this.#documents.get(textDocument.uri);
    if (path === undefined || document === undefined || !path.endsWith('.yml')) return undefined;
    const file = this.#folder.index.files.get(path)?.file ?? new SourceFile(path, document.getText());
    // A byte order mark is no part of what is read.
    const mark = document.getText().startsWith('\uFEFF') ? 1 : 0;
    return { path, file, offset: Math.max(0, document.offsetAt(position) - mark) };
  }

  #complete(params: At): CompletionItem[] {
    const at = this.#at(params);
    if (at === undefined) return [];
    const found = complete({ path: at.path, text: at.file.text, offset: at.offset }, this.#folder.index);
    this.#offered = found.items;
    return completionItems(found, rangeOf(at.file, found), { snippets: this.#snippets });
  }

  /** Editors ask for one item at a time, of the list that they were given last. */
  #resolve(item: CompletionItem): CompletionItem {
    const offered = typeof item.data === 'number' ? this.#offered[item.data] : undefined;
    return offered?.label === item.label ? resolvedItem(item, offered) : item;
  }

  #hover(params: At): Hover | null {
    const at = this.#at(params);
    const found = at === undefined ? undefined : hover(at.path, at.offset, this.#folder.index);
    if (at === undefined || found === undefined) return null;
    return { contents: { kind: MarkupKind.Markdown, value: found.markdown }, range: rangeOf(at.file, found) };
  }

  #definition(params: At): Location | null {
    const at = this.#at(params);
    const found = at === undefined ? undefined : findDefinition(at.path, at.offset, this.#folder.index);
    return found === undefined ? null : this.#location(found);
  }

  #references(params: At & { context: { includeDeclaration: boolean } }): Location[] {
    const at = this.#at(params);
    if (at === undefined) return [];
    const { index } = this.#folder;
    const declared = params.context.includeDeclaration ? findDefinition(at.path, at.offset, index) : undefined;
    const places = findReferences(at.path, at.offset, index);
    return [...(declared === undefined ? [] : [declared]), ...places].map((place) => this.#location(place));
  }

  #location(place: FilePlace): Location {
    const file = this.#folder.index.files.get(place.path)?.file ?? new SourceFile(place.path, '');
    return { uri: this.#folder.uriOf(place.path), range: rangeOf(file, place) };
  }

  #symbols(uri: string): DocumentSymbol[] {
    const path = this.#folder.pathOf(uri);
    const { index } = this.#folder;
    const file = path === undefined ? undefined : index.files.get(path)?.file;
    return path === undefined || file === undefined ? [] : outline(path, index).map((entry) => symbolOf(file, entry));
  }

  /** A file that is broken stays as it is. */
  #format(uri: string): TextEdit[] {
    const path = this.#folder.pathOf(uri);
    const document = this.#documents.get(uri);
    if (path === undefined || document === undefined || !path.endsWith('.yml')) return [];
    const before = document.getText();
    const { text } = formatRules(path, before);
    if (text === before) return [];
    return [{ range: { start: { line: 0, character: 0 }, end: document.positionAt(before.length) }, newText: text }];
  }

  /** For every name that a problem proposes, the change that writes it. */
  #fixes({ textDocument, range }: CodeActionParams): CodeAction[] {
    const path = this.#folder.pathOf(textDocument.uri);
    if (path === undefined) return [];
    const here = this.#problems
      .in(path)
      .filter(({ line }) => line - 1 >= range.start.line && line - 1 <= range.end.line);
    const document = this.#documents.get(textDocument.uri);
    return here.flatMap((problem) =>
      quickFixes(problem, document?.getText(problemRange(problem)) ?? '').map(({ title, replacement, isLikely }) => ({
        title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnosticOf(problem)],
        isPreferred: isLikely,
        edit: { changes: { [textDocument.uri]: [{ range: problemRange(problem), newText: replacement }] } },
      })),
    );
  }
}
