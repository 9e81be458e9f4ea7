/**
 * docs/signals.md out of the registry of signals: node scripts/signals-reference.mjs [--check], after `npm run build`. With --check
 * nothing is written, and the status tells whether the file is as it should be.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signalCatalogue } from '../dist/signals/catalogue.js';

const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'docs', 'signals.md');

const head = `# Signals
What one event says, and what the account said before, as rules name them. \`scripts/portcullis rules reads\` tells which rule
reads which. An account is remembered: a rule on \`api_key_created\` sees the card that was added earlier; address, user agent
and ja4 always belong to the event itself, and \`signup.\` keeps the network and the country of the signup.

Every signal may be unknown but those that say *always*. *Hashed*: an identifier, which is stored, logged and shown as its hash
only; rules compare it by its plain value.
`;

const number = (value) => (Number.isFinite(value) ? String(value) : undefined);

function bounds([least, most]) {
  const [from, to] = [number(least), number(most)];
  if (from === undefined) return to === undefined ? undefined : `at most ${to}`;
  return to === undefined ? `from ${from}` : `${from} to ${to}`;
}

function typeOf({ type, unit, range, values }) {
  if (values !== undefined) return values.map((value) => `\`${value}\``).join(' ');
  const within = range === undefined ? undefined : bounds(range);
  // Some units say the range.
  const parts = unit?.includes(within ?? '') ? [type, unit] : [type, unit, within];
  return parts.filter((part) => part !== undefined).join(', ');
}

function rowOf(signal) {
  const { name, doc, optional, identifier } = signal;
  const marks = [...(optional ? [] : ['Always.']), ...(identifier ? ['Hashed.'] : [])];
  return `| \`${name}\` | ${typeOf(signal)} | ${[doc, ...marks].join(' ').replaceAll('|', '\\|')} |`;
}

const groups = new Map();
for (const signal of signalCatalogue) {
  const group = signal.name.slice(0, signal.name.indexOf('.'));
  groups.set(group, [...(groups.get(group) ?? []), signal]);
}
const sections = [...groups].map(
  ([group, signals]) => `## ${group}\n| signal | values | what |\n|---|---|---|\n${signals.map(rowOf).join('\n')}\n`,
);
const text = [head, ...sections].join('\n');

if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error('docs/signals.md is not as the registry of signals says: run node scripts/signals-reference.mjs');
  process.exitCode = 1;
}
