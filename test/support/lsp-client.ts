import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';

/** An editor that talks to a language server which is a process of its own. */
export class LspClient {
  readonly #diagnostics = new Map<string, readonly Diagnostic[]>();
  #waiting: (() => void)[] = [];
  #version = 1;
  /** What the server asked to be told of. */
  readonly registered: string[] = [];

  private constructor(
    readonly process: ChildProcess,
    readonly connection: ProtocolConnection,
  ) {}

  static start(command: string, args: readonly string[], options: { cwd?: string } = {}): LspClient {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], ...options });
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const client = new LspClient(child, connection);
    connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
      client.#diagnostics.set(uri, diagnostics);
      for (const wake of client.#waiting.splice(0)) wake();
    });
    connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
      client.registered.push(...registrations.map(({ method }) => method));
    });
    connection.listen();
    return client;
  }

  async initialize(root: string): Promise<InitializeResult> {
    const result = await this.connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: pathToFileURL(root).href,
      workspaceFolders: [{ uri: pathToFileURL(root).href, name: 'root' }],
      capabilities: {
        textDocument: { completion: { completionItem: { snippetSupport: true } } },
        workspace: { didChangeWatchedFiles: { dynamicRegistration: true } },
      },
    });
    await this.connection.sendNotification(InitializedNotification.type, {});
    return result;
  }

  async open(file: string, text: string): Promise<string> {
    const uri = pathToFileURL(file).href;
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'yaml', version: this.#version++, text },
    });
    return uri;
  }

  async change(uri: string, text: string): Promise<void> {
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version: this.#version++ },
      contentChanges: [{ text }],
    });
  }

  /** The problems of a file, once they are as wanted. */
  async diagnostics(uri: string, isWanted: (found: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]> {
    for (;;) {
      const found = this.#diagnostics.get(uri);
      if (found !== undefined && isWanted(found)) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** As an editor ends it; its exit code. */
  async stop(): Promise<number | null> {
    const exited = once(this.process, 'exit');
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    const [code] = await exited;
    this.connection.dispose();
    return code;
  }
}
