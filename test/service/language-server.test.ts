import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CodeActionRequest,
  CompletionRequest,
  CompletionResolveRequest,
  DefinitionRequest,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DidSaveTextDocumentNotification,
  DocumentFormattingRequest,
  DocumentSymbolRequest,
  FileChangeType,
  HoverRequest,
  ReferencesRequest,
} from 'vscode-languageserver-protocol/node';
import { eventually } from '../support/eventually.js';
import { LspClient } from '../support/lsp-client.js';
import { marked } from '../support/marked.js';
import { rightRules } from '../support/rule-files.js';
import { ensureBuilt, projectRoot } from '../support/service.js';

const command = join(projectRoot, 'dist/main.js');
let home = '';
let running: LspClient | undefined;

beforeAll(ensureBuilt, 240_000);
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'portcullis-lsp-'));
  await cp(join(projectRoot, 'rules'), join(home, 'whole', 'rules'), { recursive: true });
  await cp(join(projectRoot, 'rules/lists'), join(home, 'small', 'rules', 'lists'), { recursive: true });
  await writeFile(join(home, 'small', 'rules', 'rules.yml'), rightRules);
  await writeFile(join(home, 'small', 'rules', 'policy.yml'), 'features: {}\n');
});
afterEach(async () => {
  if (running?.process.exitCode === null) await running.stop();
  running = undefined;
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** An editor with a copy of a project open. */
async function openEditor(project: 'whole' | 'small', ...args: string[]): Promise<LspClient> {
  running = LspClient.start(process.execPath, ['--no-warnings', command, 'rules', 'lsp', ...args], { cwd: home });
  await running.initialize(join(home, project));
  return running;
}

const fileOf = (project: string, path: string): string => join(home, project, 'rules', path);
const brief = ({ code, severity, range, message }: Diagnostic): string =>
  `${severity === 1 ? 'error' : 'warning'} ${code} ${range.start.line}:${range.start.character}-${range.end.character} ${String(message).split('\n')[0]}`;
const errors = (found: readonly Diagnostic[]): readonly Diagnostic[] => found.filter(({ severity }) => severity === 1);

describe('the language server, as editors talk to it', () => {
  it('shows the problems of what is open, as it is written, and takes them back', async () => {
    const editor = await openEditor('whole');
    const file = fileOf('whole', 'device/honesty.yml');
    const right = await readFile(file, 'utf8');
    const uri = await editor.open(
      file,
      right.replace('when: device.is_bot', 'when: >-\n      device.is_bto &&\n      device.form_ms == "x"'),
    );
    const found = await editor.diagnostics(uri, (all) => all.length === 2);
    expect(found.map(brief)).toEqual([
      "error E101 22:6-19 unknown field 'device.is_bto'",
      expect.stringMatching(/^error E111 23:\d+-\d+ /),
    ]);
    await editor.change(uri, right);
    expect(await editor.diagnostics(uri, (all) => all.length === 0)).toEqual([]);
  });

  it('proposes the name that was meant', async () => {
    const editor = await openEditor('whole');
    const file = fileOf('whole', 'device/honesty.yml');
    const right = await readFile(file, 'utf8');
    const uri = await editor.open(file, right.replace('when: device.is_bot', 'when: device.is_bto'));
    const [problem] = await editor.diagnostics(uri, (all) => all.length === 1);
    expect(problem?.codeDescription?.href).toMatch(/docs\/errors\/E101\.md$/);
    if (problem === undefined) throw new Error('there is no problem');
    const actions = await editor.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range: problem.range,
      context: { diagnostics: [problem] },
    });
    expect(actions?.[0]).toMatchObject({
      kind: 'quickfix',
      isPreferred: true,
      edit: { changes: { [uri]: [{ range: problem.range, newText: 'device.is_bot' }] } },
    });
  });

  it('sees in one file what another, that is open and not saved, has taken away', async () => {
    const editor = await openEditor('whole');
    const file = fileOf('whole', 'velocity/growth.yml');
    const right = await readFile(file, 'utf8');
    const other = pathToFileURL(fileOf('whole', 'velocity/composite.yml')).href;
    const uri = await editor.open(file, '# nothing\nfeatures: {}\n');
    const found = await editor.diagnostics(other, (all) => errors(all).length > 0);
    expect(errors(found).every(({ code }) => code === 'E101' || code === 'E031')).toBe(true);
    await editor.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
    expect(errors(await editor.diagnostics(other, (all) => errors(all).length === 0))).toEqual([]);
    expect(await readFile(file, 'utf8')).toBe(right);
  });

  it('reads what is saved beside the editor', async () => {
    const editor = await openEditor('small');
    const uri = await editor.open(fileOf('small', 'rules.yml'), rightRules);
    await editor.diagnostics(uri, (all) => errors(all).length === 0);
    await eventually(async () => editor.registered.includes('workspace/didChangeWatchedFiles'));
    await writeFile(fileOf('small', 'more.yml'), 'predicates:\n  p: nothing_known\n');
    const more = pathToFileURL(fileOf('small', 'more.yml')).href;
    const changed = (type: FileChangeType): Promise<void> =>
      editor.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes: [{ uri: more, type }] });
    await changed(FileChangeType.Created);
    expect((await editor.diagnostics(more, (all) => all.length > 0)).map(({ code }) => code)).toContain('E101');
    await rm(fileOf('small', 'more.yml'));
    await editor.connection.sendNotification(DidSaveTextDocumentNotification.type, { textDocument: { uri } });
    expect(await editor.diagnostics(more, (all) => all.length === 0)).toEqual([]);
  });

  it('completes, explains, finds, lists and formats', async () => {
    const editor = await openEditor('small');
    const { text, position } = marked(rightRules.replace('ip.is_vpn || ip.is_tor', 'ip.is_▮vpn ||  ip.is_tor'));
    const uri = await editor.open(fileOf('small', 'rules.yml'), text);
    const at = { textDocument: { uri }, position };
    const { connection } = editor;

    const items = await connection.sendRequest(CompletionRequest.type, at);
    const list = Array.isArray(items) ? items : [];
    const start = { line: position.line, character: position.character - 'ip.is_'.length };
    const end = { line: position.line, character: position.character + 'vpn'.length };
    expect(list.find(({ label }) => label === 'ip.is_hosting')).toMatchObject({
      textEdit: { range: { start, end }, newText: 'ip.is_hosting' },
      detail: 'boolean',
    });

    const after = marked(text.replace('accounts_per_card_90d >= 3', 'accounts_▮per_card_90d >= 3'));
    const there = { textDocument: { uri }, position: after.position };
    const features = await connection.sendRequest(CompletionRequest.type, there);
    const feature = (Array.isArray(features) ? features : []).find(({ label }) => label === 'accounts_per_card_90d');
    if (feature === undefined) throw new Error('the feature is not offered');
    expect(await connection.sendRequest(CompletionResolveRequest.type, feature)).toMatchObject({
      documentation: { value: expect.stringContaining('Read by `payment-many-accounts`') },
    });

    expect(await connection.sendRequest(HoverRequest.type, at)).toMatchObject({
      contents: { value: expect.stringContaining('**ip.is_vpn**') },
      range: { start, end },
    });
    expect(await connection.sendRequest(DefinitionRequest.type, there)).toMatchObject({
      uri,
      range: { start: { line: 4, character: 2 } },
    });
    const references = await connection.sendRequest(ReferencesRequest.type, {
      ...there,
      context: { includeDeclaration: true },
    });
    expect(references).toHaveLength(4);
    const symbols = await connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } });
    expect(symbols?.map(({ name }) => name)).toContain('network-anonymous');
    const options = { tabSize: 2, insertSpaces: true };
    const edits = await connection.sendRequest(DocumentFormattingRequest.type, { textDocument: { uri }, options });
    expect(edits?.[0]?.newText).toContain('anonymous_exit: ip.is_vpn || ip.is_tor\n');
  });

  it('follows changes of parts, in units of UTF-16', async () => {
    const editor = await openEditor('small');
    const text = `# \u{1F600}\n${rightRules}`;
    const uri = await editor.open(fileOf('small', 'rules.yml'), text);
    await editor.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version: 100 },
      contentChanges: [
        { range: { start: { line: 0, character: 2 }, end: { line: 0, character: 4 } }, text: '\u{1F600}\u{1F600}' },
        { range: { start: { line: 13, character: 10 }, end: { line: 13, character: 11 } }, text: 'X' },
      ],
    });
    const [found] = errors(await editor.diagnostics(uri, (all) => errors(all).length > 0));
    expect(found === undefined ? '' : brief(found)).toMatch(
      /^error E101 13:10-31 unknown field 'Xccounts_per_card_90d'/,
    );
  });

  it('checks sequence tests against the rules as they are written', async () => {
    const editor = await openEditor('small');
    const test = `name: a
events:
  - { type: signup, account.id: a, ip: 203.0.113.1 }
expect:
  - { event: 1, fires: [payment-many-acounts] }
`;
    const uri = await editor.open(fileOf('small', 'tests/a.test.yml'), test);
    const [found] = await editor.diagnostics(uri, (all) => all.length > 0);
    expect(found).toMatchObject({
      range: { start: { line: 4 } },
      message: expect.stringContaining('payment-many-accounts'),
    });
  });

  it('stays calm about files that are no rules, huge ones, and requests that it does not know', async () => {
    const editor = await openEditor('small');
    const outside = await editor.open(join(home, 'docker-compose.yml'), 'services:\n  a: {}\n');
    const untitled = { uri: 'untitled:Untitled-1' };
    const position = { line: 0, character: 3 };
    expect(
      await editor.connection.sendRequest(HoverRequest.type, { textDocument: { uri: outside }, position }),
    ).toBeNull();
    expect(await editor.connection.sendRequest(HoverRequest.type, { textDocument: untitled, position })).toBeNull();
    await expect(editor.connection.sendRequest('portcullis/nothing', {})).rejects.toThrow(/Unhandled method/);
    const huge = await editor.open(fileOf('small', 'huge.yml'), `predicates:\n${'  # x\n'.repeat(60_000)}`);
    const [found] = await editor.diagnostics(huge, (all) => all.length > 0);
    expect(found?.code).toBe('E009');
    await editor.connection.sendRequest(HoverRequest.type, { textDocument: { uri: huge }, position });
  });

  it('takes the folder from --rules', async () => {
    const editor = await openEditor('whole', '--rules', join(home, 'small', 'rules'));
    const uri = await editor.open(fileOf('small', 'rules.yml'), rightRules.replace('ip.is_vpn ||', 'ip.is_vpm ||'));
    expect((await editor.diagnostics(uri, (all) => errors(all).length > 0)).map(({ code }) => code)).toContain('E101');
  });

  it('ends when the editor says so, and when the editor is gone', async () => {
    const polite = await openEditor('small');
    expect(await polite.stop()).toBe(0);
    const gone = await openEditor('small');
    const exited = once(gone.process, 'exit');
    gone.process.stdin?.end();
    await exited;
    expect(gone.process.exitCode).toBe(1);
  });
});
