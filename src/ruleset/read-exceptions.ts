import { dayText } from '../model/time.js';
import { readExpression } from './read-expression.js';
import { endOfException, type RuleException } from './rule-declaration.js';
import type { RuleReader } from './rule-reader.js';
import type { YamlNode } from './yaml/yaml-node.js';

const keys = ['when', 'why', 'owner', 'until'];

export function readExceptions(reader: RuleReader): readonly RuleException[] {
  const node = reader.values.get('except');
  const items = node === undefined ? undefined : reader.fields.list(node, "'except'");
  return (items ?? []).flatMap((item) => readException(item, reader) ?? []);
}

function readException(node: YamlNode, reader: RuleReader): RuleException | undefined {
  const { fields } = reader;
  const values = fields.map(node, { what: 'an exception', known: keys, required: keys });
  const [when, why, owner, until] = keys.map((key) => values?.get(key));
  const condition = when === undefined ? undefined : readExpression(when, 'boolean', reader);
  const reason = why === undefined ? undefined : fields.text(why, 'a reason');
  const person = owner === undefined ? undefined : fields.text(owner, 'an owner');
  const lastDay = until === undefined ? undefined : fields.date(until, 'a date');
  if (lastDay !== undefined && until !== undefined) reportExpired(lastDay, until, reader);
  if (condition === undefined || reason === undefined || person === undefined || lastDay === undefined)
    return undefined;
  return { when: condition, why: reason, owner: person, lastDay, at: node };
}

function reportExpired(lastDay: number, until: YamlNode, { now, expiredExceptions, fields }: RuleReader): void {
  if (now < endOfException({ lastDay })) {
    if (lastDay <= now + soonMs) reportSoon(lastDay, until, { now, fields });
    return;
  }
  const message = `the exception has expired: its last day was ${dayText(lastDay)}`;
  const hint = 'remove it, or give it a later date after looking at it again';
  if (expiredExceptions === 'error') fields.error('E023', until, message, hint);
  else fields.sink.warn('W013', until, `${message} and is ignored`, { hint, rule: fields.rule });
}

/** Two working weeks to look at it again. */
const dayMs = 86_400_000;
const soonMs = 14 * dayMs;

function reportSoon(lastDay: number, until: YamlNode, { now, fields }: Pick<RuleReader, 'now' | 'fields'>): void {
  const days = Math.ceil((lastDay - now) / dayMs);
  const when = days <= 0 ? 'today' : `in ${days} ${days === 1 ? 'day' : 'days'}`;
  const message = `the exception expires soon: its last day is ${dayText(lastDay)}, ${when}`;
  const hint = 'look at it again: give it a later date, or remove it';
  fields.sink.warn('W030', until, message, { hint, rule: fields.rule });
}
