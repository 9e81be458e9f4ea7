import { fileURLToPath } from 'node:url';
import { createConnection } from 'vscode-languageserver/node';
import { defineCommand } from './cli/command-arguments.js';
import { LanguageServer } from './lsp/language-server.js';
import { readToolConfig } from './tool-config.js';

const usage = `usage: portcullis rules lsp [--rules DIR] [--stdio]

A language server for the rules folder, on standard input and output: editors start it. It shows the problems of the
whole folder while you type, completes names, keys and values, explains what is under the cursor and finds declarations.
  --rules DIR  the rules folder (RULES_DIR; else rules/ below what the editor has open)
docs/editor.md tells how to set up an editor.`;

/** `scripts/portcullis` names it where it is started beside no rules: no reason to pass over those that are open. */
const ownRules = fileURLToPath(new URL('../rules', import.meta.url));

/** `rules lsp`: runs until the editor ends it, or is gone. */
export const run = defineCommand({
  usage,
  options: { rules: { type: 'string' }, stdio: { type: 'boolean' }, clientProcessId: { type: 'string' } },
  run(args, environment) {
    const { rulesDir: otherwise, namedRulesDir: named } = readToolConfig(environment);
    const rules = args.text('rules') ?? (named === ownRules ? undefined : named);
    const connection = createConnection(process.stdin, process.stdout);
    new LanguageServer(connection, { rules, otherwise, workingDirectory: process.cwd() }).listen();
    // The library ends the process: on `exit`, when standard input closes, and when the editor is gone.
    return new Promise<number>(() => {});
  },
});
