#!/usr/bin/env node
import { type Command, runCommandLine } from './cli/command-line.js';
import { programVersion } from './cli/program-version.js';

const commands: readonly Command[] = [
  { words: 'serve', summary: 'run the service: API and workers', load: () => import('./serve.js') },
  { words: 'rules check', summary: 'type-check all rules', load: () => import('./cli/rules-check.js') },
  { words: 'rules test', summary: 'run the tests that rule authors wrote', load: () => import('./cli/rules-test.js') },
  { words: 'rules eval', summary: 'evaluate one expression', load: () => import('./cli/rules-eval.js') },
  { words: 'rules explain', summary: 'why each rule fired, and why not', load: () => import('./cli/rules-explain.js') },
  { words: 'rules repl', summary: 'try expressions and rules line by line', load: () => import('./cli/rules-repl.js') },
  {
    words: 'rules diff',
    summary: 'what changes between two rule sets, in words',
    load: () => import('./cli/rules-diff.js'),
  },
  { words: 'rules schema', summary: 'JSON Schemas for editors', load: () => import('./cli/rules-schema.js') },
  { words: 'rules fmt', summary: 'rules files in their usual form', load: () => import('./cli/rules-fmt.js') },
  { words: 'rules lsp', summary: 'a language server for editors', load: () => import('./rules-lsp.js') },
  { words: 'rules reads', summary: 'what each rule reads', load: () => import('./cli/rules-reads.js') },
  {
    words: 'rules fit',
    summary: 'propose points and thresholds that labels speak for',
    load: () => import('./cli/rules-fit.js'),
  },
  {
    words: 'rules backtest',
    summary: 'what rules would have done to past events',
    load: () => import('./cli/rules-backtest.js'),
  },
  {
    words: 'rules shadow',
    summary: 'what rules on trial would do if they counted',
    load: () => import('./cli/rules-shadow.js'),
  },
  {
    words: 'rules promote',
    summary: 'the change that lets a rule count',
    load: () => import('./cli/rules-promote.js'),
  },
  {
    words: 'rules withdraw',
    summary: 'the change that lets a rule count no longer',
    load: () => import('./cli/rules-withdraw.js'),
  },
  {
    words: 'rules fuse reset',
    summary: 'let a rule count again whose fuse has blown',
    load: () => import('./cli/rules-fuse-reset.js'),
  },
  { words: 'replay', summary: 'decide the events of a file, in memory', load: () => import('./cli/replay.js') },
  { words: 'simulate', summary: 'write a campaign to test rules against', load: () => import('./cli/simulate.js') },
  { words: 'scorecard', summary: 'what the rules caught of a campaign', load: () => import('./cli/scorecard.js') },
  { words: 'data update', summary: 'refresh lists and IP tables', load: () => import('./cli/data-update.js') },
  { words: 'migrate', summary: 'bring the database up to date', load: () => import('./migrate.js') },
  { words: 'doctor', summary: 'what a start would find on this machine', load: () => import('./doctor.js') },
  {
    words: 'audit verify',
    summary: 'has anybody tampered with the audit trail?',
    load: () => import('./audit-verify.js'),
  },
  { words: 'keys create', summary: 'make an API key for a role', load: () => import('./keys-create.js') },
];

// Whoever reads along may have seen enough (`| head`): that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`portcullis: standard output: ${error.message}\n`);
  process.exit(1);
});

runCommandLine(process.argv.slice(2), commands, {
  environment: process.env,
  version: programVersion,
  out: (text) => process.stdout.write(`${text}\n`),
  error: (text) => process.stderr.write(`${text}\n`),
}).then((status) => {
  process.exitCode = status;
});
