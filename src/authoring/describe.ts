import type { Parameter } from '../expression/functions/function-signature.js';
import type { FeatureSpec } from '../model/feature.js';
import { own } from '../model/own.js';
import type { YamlNode } from '../ruleset/yaml/yaml-node.js';
import { type Meaning, specOf } from './resolve-name.js';
import type { PlacedDeclaration, RuleIndex } from './rule-index.js';

/** What a name means, in Markdown. */
export function describe(meaning: Meaning, index: RuleIndex): string {
  switch (meaning.kind) {
    case 'signal':
      return describeSignal(meaning);
    case 'ring':
      return `**${meaning.name}** · number${meaning.unit === undefined ? '' : `, ${meaning.unit}`}\n\n${meaning.doc}\n\nMissing where the account is in no ring.`;
    case 'feature':
      return describeFeature(meaning, index);
    case 'predicate':
      return `**${meaning.declared.name}** · predicate\n\n${code(textOf(meaning.declared.node))}\n\n${whereFrom(meaning.declared)}${readers(meaning.declared.name, index)}`;
    case 'reason':
      return `**${meaning.declared.name}** · reason code\n\n${field(meaning.declared, 'title') ?? ''}\n\nThe person concerned is told: \`${field(meaning.declared, 'public') ?? ''}\``;
    case 'rule':
      return describeRule(meaning.declared);
    case 'link':
      return `**${meaning.declared.name}** · link\n\n${whereFrom(meaning.declared)}`;
    case 'list':
      return describeList(meaning);
    case 'function':
      return `${code(signatureText(meaning))}\n\n${meaning.signature.doc}\n\nExample: \`${meaning.signature.example}\``;
  }
}

const code = (text: string): string => `\`\`\`\n${text.trim()}\n\`\`\``;
const textOf = (node: YamlNode): string => (node.kind === 'scalar' ? node.text : '');

function describeSignal({ signal }: Extract<Meaning, { kind: 'signal' }>): string {
  const { name, type, unit, doc, optional, identifier, values } = signal;
  return [
    `**${name}** · ${type}${unit === undefined ? '' : `, ${unit}`}`,
    doc,
    ...(values === undefined ? [] : [`One of ${values.map((value) => `\`${value}\``).join(', ')}.`]),
    ...(identifier ? ['An identifier: hashed wherever it is stored, and never shown in a title.'] : []),
    optional
      ? `Missing when the event and the account do not tell: then what compares it is unknown.`
      : 'Always there.',
  ].join('\n\n');
}

function describeFeature({ declared, member }: Extract<Meaning, { kind: 'feature' }>, index: RuleIndex): string {
  const spec = specOf(declared);
  return [
    `**${declared.name}${member === undefined ? '' : `.${member}`}** · feature${spec === undefined ? '' : `, ${spec.kind}`}`,
    ...(member === undefined ? [] : [own(members, member) ?? '']),
    ...(spec === undefined ? [] : [inWords(spec, declared)]),
    `${whereFrom(declared)}${readers(declared.name, index)}`,
  ].join('\n\n');
}

const members: Readonly<Record<string, string>> = {
  count: 'How many there are in the window.',
  expected: 'How many there would be, going by the baseline and by how busy everything is.',
  ratio: 'How many times more there are than expected.',
  z: 'How far the count lies above what is expected, in standard deviations; 0 below `min`.',
};

/** What a feature counts, as one would say it. */
function inWords({ kind, of, by, min, on, exactTo }: FeatureSpec, declared: PlacedDeclaration): string {
  const [window, baseline, olderThan] = ['window', 'baseline', 'older_than'].map((name) => field(declared, name) ?? '');
  const key = by.length === 0 ? 'everything' : by.map((name) => `\`${name}\``).join(' and ');
  const events = on.length === 4 ? 'all events' : on.map((type) => `\`${type}\``).join(', ');
  const exact = `Exact to ${exactTo}, and stays there. `;
  const missing = by.length === 0 ? '' : `Missing when ${by.length === 1 ? 'the key' : 'a part of the key'} is.`;
  const words: Readonly<Record<FeatureSpec['kind'], string>> = {
    count: `Events (${events}) with the same ${key} in ${window}. Exact to ${exactTo}, estimated above. `,
    distinct: `Different values of \`${of}\` on the same ${key} in ${window}, counted on ${events}. ${exact}`,
    labelled: `Accounts labelled \`${of}\` that share ${key}, in ${window}. ${exact}`,
    age: `Seconds since ${key} was first seen. `,
    burst: `How many \`${of}\` events share ${key} in ${window}, compared with the ${baseline} before; nothing stands out below ${min ?? 4}. Unknown before 500 admitted events. `,
    trusted: `Accounts on ${key} that are older than ${olderThan}, in good standing and were never held. `,
  };
  return `${words[kind]}${missing}`.trim();
}

const whereFrom = ({ path, key }: PlacedDeclaration): string => `Declared in \`${path}:${key.file.place(key).line}\`.`;

function readers(name: string, index: RuleIndex): string {
  const found = [...index.readersOf(name)].filter((reader) => reader !== name);
  if (found.length === 0) return ' Nothing reads it.';
  const shown = found.slice(0, 12).map((reader) => `\`${reader}\``);
  return ` Read by ${shown.join(', ')}${found.length > shown.length ? ` and ${found.length - shown.length} more` : ''}.`;
}

export function field({ node }: Pick<PlacedDeclaration, 'node'>, name: string): string | undefined {
  const value = node.kind === 'map' ? node.entries.get(name)?.value : undefined;
  return value?.kind === 'scalar' ? value.text : undefined;
}

function describeRule(declared: PlacedDeclaration): string {
  const parts = ['family', 'points', 'at_least', 'mode', 'reason', 'owner'].flatMap((name) => {
    const value = field(declared, name) ?? (name === 'mode' ? 'live' : undefined);
    return value === undefined ? [] : [`${name}: \`${value}\``];
  });
  return `**${declared.name}** · rule\n\n${parts.join(' · ')}\n\n${code(field(declared, 'when') ?? '')}\n\n${whereFrom(declared)}`;
}

function describeList({ list }: Extract<Meaning, { kind: 'list' }>): string {
  const header = (name: string): string | undefined => new RegExp(`^# ${name}: *(.*)$`, 'm').exec(list.text)?.[1];
  const entries = list.text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#')).length;
  const from = [header('source'), header('date')].filter((part) => part !== undefined).join(', ');
  return `**lists.${list.name}** · list\n\n${entries} ${entries === 1 ? 'entry' : 'entries'}${from === '' ? '' : `; ${from}`}\n\nFrom \`${list.path}\`.`;
}

export function signatureText({ signature }: Extract<Meaning, { kind: 'function' }>): string {
  const { name, form, parameters, returns } = signature;
  const shown = ({ name: parameter, takes }: Parameter): string =>
    `${parameter}: ${takes === 'first' ? 'the same' : takes}`;
  const [receiver, ...others] = parameters;
  const result = returns === 'first' ? 'the same' : returns;
  if (form === 'method') return `${receiver?.name ?? 'text'}.${name}(${others.map(shown).join(', ')}) → ${result}`;
  return `${name}(${parameters.map(shown).join(', ')}) → ${result}`;
}
