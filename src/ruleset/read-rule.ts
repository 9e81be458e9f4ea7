import { eventTypes } from '../model/event-type.js';
import { families, type RuleInfo, type RuleMode, verificationMethods } from '../model/rule.js';
import { checkCeiling } from './check-ceiling.js';
import { readExceptions } from './read-exceptions.js';
import { readExpression } from './read-expression.js';
import { readTests } from './read-tests.js';
import type { Fuse, RuleDeclaration } from './rule-declaration.js';
import type { RuleContext, RuleReader } from './rule-reader.js';
import { compileTitle, strayBrace, type Title, titlePlaces } from './title.js';
import { didYouMean, FieldReader } from './yaml/read-fields.js';
import type { YamlNode } from './yaml/yaml-node.js';

const required = ['id', 'family', 'on', 'when', 'points', 'reason', 'owner'];
const known = [...required, 'points_max', 'at_least', 'at_most', 'verify', 'title', 'mode', 'except', 'fuse', 'tests'];
const what = 'a rule';

export const ruleKeys = { known, required };

/** Undefined when something is wrong with the rule, which is reported. */
export function readRule(node: YamlNode, context: RuleContext, sink: FieldReader['sink']): RuleDeclaration | undefined {
  const fields = new FieldReader(sink, idOf(node));
  const before = sink.errors.length;
  const values = fields.map(node, { what, known, required });
  if (values === undefined) return undefined;
  const reader: RuleReader = { ...context, fields, values };
  const info = readInfo(reader, node);
  const whenNode = values.get('when');
  const pointsNode = values.get('points');
  const when = whenNode === undefined ? undefined : readExpression(whenNode, 'boolean', reader);
  const points = pointsNode === undefined ? undefined : readExpression(pointsNode, 'number', reader);
  const title = readTitle(reader);
  const exceptions = readExceptions(reader);
  const tests = readTests(reader);
  const fuse = readFuse(reader);
  if (info !== undefined && when !== undefined) checkCeiling(info, when, reader);
  const wrong = sink.errors.length > before;
  if (wrong || info === undefined || when === undefined || points === undefined || whenNode === undefined)
    return undefined;
  const declaration = { info, when, points, title, exceptions, tests, at: values.get('id') ?? node, whenAt: whenNode };
  return fuse === undefined ? declaration : { ...declaration, fuse };
}

/** Only to say which rule a problem belongs to. */
function idOf(node: YamlNode): string | undefined {
  const id = node.kind === 'map' ? node.entries.get('id')?.value : undefined;
  return id?.kind === 'scalar' && typeof id.value === 'string' && id.value.length <= 100 ? id.value : undefined;
}

function readInfo(reader: RuleReader, node: YamlNode): RuleInfo | undefined {
  const { fields, values } = reader;
  const get = <T>(key: string, read: (value: YamlNode) => T): T | undefined => {
    const value = values.get(key);
    return value === undefined ? undefined : read(value);
  };
  const id = get('id', (value) => readId(value, fields));
  const family = get('family', (value) => fields.oneOf(value, 'family', families));
  const on = get('on', (value) => fields.manyOf(value, 'event type', eventTypes));
  const reason = get('reason', (value) => readReasonCode(value, reader));
  const owner = get('owner', (value) => fields.text(value, 'an owner'));
  const atLeast = get('at_least', (value) => fields.oneOf(value, 'outcome', floors));
  const atMost = get('at_most', (value) => fields.oneOf(value, 'outcome', ceilings));
  const verify = get('verify', (value) => fields.manyOf(value, 'verification method', verificationMethods));
  const mode = get('mode', (value) => readMode(value, fields));
  const pointsMax = get('points_max', (value) => fields.number(value, 'points_max', [0, 100]));
  if (id === undefined || family === undefined || on === undefined || reason === undefined || owner === undefined)
    return undefined;
  return {
    id,
    family,
    on,
    when: textOf(values.get('when')),
    points: textOf(values.get('points')),
    pointsMax: pointsMax ?? 100,
    ...(atLeast === undefined ? {} : { atLeast }),
    ...(atMost === undefined ? {} : { atMost }),
    verify: verify ?? [],
    reason,
    title: titleText(reader),
    owner,
    mode: mode ?? 'live',
    file: node.file.path,
    line: node.file.place(values.get('id') ?? node).line,
  };
}

const textOf = (node: YamlNode | undefined): string => (node?.kind === 'scalar' ? node.text : '');

function readId(node: YamlNode, fields: FieldReader): string | undefined {
  const id = fields.text(node, 'an id');
  if (id === undefined || /^[a-z][a-z0-9-]{0,63}$/.test(id)) return id;
  return fields.error('E018', node, `'${id}' is no rule id`, 'small letters, digits and dashes: payment-many-accounts');
}

function readReasonCode(node: YamlNode, { fields, reasons, scope }: RuleReader): string | undefined {
  const code = fields.text(node, 'a reason code');
  // A code of a wrong form has been reported where it is declared.
  if (code === undefined || reasons.has(code) || scope.isBroken(code)) return code;
  const hint = didYouMean(code, reasons.keys()) ?? 'register it in reasons.yml';
  return fields.error('E022', node, `the reason code '${code}' is not registered`, hint);
}

const floors = ['limit', 'hold', 'deny'] as const;
const ceilings = ['allow', 'limit'] as const;
const modes = ['live', 'shadow', 'off'] as const;

function readMode(node: YamlNode, fields: FieldReader): RuleMode | undefined {
  const meant = node.kind === 'scalar' ? /^(?:rollout\b\D*)?(\d{1,3}(?:\.\d+)?%)$/.exec(node.text)?.[1] : undefined;
  if (meant !== undefined && node.kind === 'scalar')
    return fields.error('E013', node, `'${node.text}' is no mode`, `did you mean '{ rollout: ${meant} }'?`);
  if (node.kind !== 'map') return fields.oneOf(node, 'mode', modes);
  const share = fields.map(node, { what: 'a mode', known: ['rollout'], required: ['rollout'] })?.get('rollout');
  const rollout = share === undefined ? undefined : fields.share(share, 'a share');
  return rollout === undefined ? undefined : { rollout };
}

function titleText({ values, reasons }: RuleReader): string {
  const title = values.get('title');
  if (title !== undefined) return textOf(title);
  return reasons.get(textOf(values.get('reason')))?.title ?? '';
}

function readTitle(reader: RuleReader): Title {
  const { values, fields, scope, isIdentifier } = reader;
  const node = values.get('title');
  const text = node === undefined ? undefined : fields.text(node, 'a title');
  const stray = text === undefined ? undefined : strayBrace(text);
  if (stray !== undefined && node?.kind === 'scalar') {
    const at = { file: node.file, ...node.locate({ start: stray, end: stray + 1 }) };
    fields.error('E024', at, 'the title has a brace that belongs to no {name}', 'an input is shown by {name}');
    return compileTitle('', () => undefined);
  }
  for (const { name, start, end } of text === undefined ? [] : titlePlaces(text)) {
    const at = node?.kind === 'scalar' ? { file: node.file, ...node.locate({ start, end }) } : undefined;
    if (at === undefined || scope.isBroken(name)) continue;
    if (scope.input(name) === undefined)
      fields.error(
        'E024',
        at,
        `the title names '${name}', which is no signal or feature`,
        didYouMean(name, scope.names()),
      );
    else if (isIdentifier(name))
      fields.error('E024', at, `the title would show '${name}', which is an identifier and never shown`);
  }
  return compileTitle(titleText(reader), (name) => scope.input(name));
}

function readFuse({ values, fields }: RuleReader): Fuse | undefined {
  const node = values.get('fuse');
  if (node === undefined) return undefined;
  const inner = fields.map(node, {
    what: 'a fuse',
    known: ['share', 'min', 'over'],
    required: ['share', 'min', 'over'],
  });
  const [share, min, over] = ['share', 'min', 'over'].map((key) => inner?.get(key));
  const shareValue = share === undefined ? undefined : fields.share(share, 'a share');
  const minValue = min === undefined ? undefined : fields.wholeNumber(min, 'min', [1, 1_000_000_000]);
  const overMs = over === undefined ? undefined : fields.duration(over, 'a time');
  if (share !== undefined && shareValue === 0)
    return fields.error('E016', share, 'a fuse of 0% blows at the first hits', 'more than 0%: 5%');
  if (shareValue === undefined || minValue === undefined || overMs === undefined) return undefined;
  return { share: shareValue, min: minValue, overMs };
}
