import { eventTypes } from '../model/event-type.js';
import { toTenths } from '../model/points.js';
import { isKnown, type Reading, type Slots, Unavailable } from '../model/value.js';
import { evalExpression, explainExpression } from '../ruleset/eval-expression.js';
import { explainRules } from '../ruleset/explain-rules.js';
import { parseGiven } from '../ruleset/parse-given.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { didYouMean } from '../ruleset/yaml/read-fields.js';
import { outcomeText, ruleText } from './explanation-text.js';
import { problemsText, readingText, replHelp, resultText } from './repl-text.js';

/** What a line came to. */
interface ReplAnswer {
  readonly ok: boolean;
  readonly text: string;
  readonly quit?: true;
}

interface ReplPorts {
  readonly ruleSet: RuleSet;
  readonly now: () => number;
  /** Signals of an event file, or what a decision saw; rejects with what is wrong. */
  readonly load: (what: string) => Promise<Slots>;
}

type Command = (rest: string) => ReplAnswer | Promise<ReplAnswer>;

const said = (text: string): ReplAnswer => ({ ok: true, text });
const refused = (text: string): ReplAnswer => ({ ok: false, text });

/** Evaluates expressions and explains rules against values that are given line by line. */
export class ReplSession {
  #loaded: Slots;
  readonly #given = new Map<string, Reading>();
  readonly #commands: ReadonlyMap<string, Command>;

  constructor(
    private readonly ports: ReplPorts,
    start: { readonly loaded?: Slots | undefined; readonly given?: ReadonlyMap<string, Reading> } = {},
  ) {
    this.#loaded = start.loaded ?? ports.ruleSet.newSlots();
    for (const [name, reading] of start.given ?? []) this.#given.set(name, reading);
    this.#commands = new Map<string, Command>([
      [':load', (what) => this.load(what)],
      [':rule', (id) => this.rule(id)],
      [':points', (id) => this.points(id)],
      [':outcome', () => this.outcome()],
      [':inputs', (prefix) => said(this.inputs(prefix))],
      [':set', () => said(this.given())],
      [':unset', (name) => this.unset(name)],
      [':help', () => said(replHelp)],
      [':quit', () => ({ ok: true, text: '', quit: true })],
    ]);
  }

  async submit(line: string): Promise<ReplAnswer> {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) return said('');
    if (text.startsWith(':')) return this.command(text);
    const assigned = /^([a-z_][a-z0-9_.]*)\s*=(?!=)\s*(.*)$/i.exec(text);
    if (assigned !== null) return this.assign(assigned[1] ?? '', assigned[2] ?? '');
    const explained = explainExpression(text, this.ports.ruleSet, this.slots());
    return explained.ok ? said(resultText(explained.value)) : refused(problemsText(explained.error, text));
  }

  /** What may stand where the line ends, and the part of the line that it takes the place of. */
  complete(line: string): [string[], string] {
    const { ruleSet } = this.ports;
    const [command = '', argument] = line.trimStart().split(/\s+/, 2);
    if (command.startsWith(':') && argument === undefined)
      return [starting([...this.#commands.keys()], command), command];
    if (command === ':rule' || command === ':points')
      return [
        starting(
          ruleSet.rules.map(({ id }) => id),
          argument ?? '',
        ),
        argument ?? '',
      ];
    const word = /[A-Za-z_][A-Za-z0-9_.]*$/.exec(line)?.[0] ?? '';
    const lists = [...ruleSet.lists.keys()].map((name) => `lists.${name}`);
    return [starting([...ruleSet.scope.names(), ...lists], word), word];
  }

  private slots(): Slots {
    const slots = this.#loaded.slice();
    for (const [name, reading] of this.#given) {
      const slot = this.ports.ruleSet.slotOf(name);
      if (slot !== undefined) slots[slot] = reading;
    }
    return slots;
  }

  private command(text: string): ReplAnswer | Promise<ReplAnswer> {
    const [name = '', ...rest] = text.split(/\s+/);
    const run = this.#commands.get(name);
    const known = [...this.#commands.keys()];
    return run === undefined ? refused(withHint(`there is no command '${name}'`, name, known)) : run(rest.join(' '));
  }

  private assign(name: string, text: string): ReplAnswer {
    const { ruleSet } = this.ports;
    const info = ruleSet.scope.input(name);
    if (info === undefined)
      return refused(withHint(`there is no signal or feature '${name}'`, name, ruleSet.scope.names()));
    if (/^(?:none|absent)$/.test(text)) return this.give(name, undefined);
    const unavailable = /^unavailable(?:\s+(.+))?$/.exec(text);
    if (unavailable !== null) return this.give(name, new Unavailable(unavailable[1] ?? 'unavailable'));
    const written = evalExpression(text, ruleSet, this.slots());
    const value = written.ok ? written.value.value : info.type === 'string' && !/["\\]/.test(text) ? text : null;
    if (value === null) return refused(written.ok ? `'${text}' has no value` : problemsText(written.error, text));
    const read = parseGiven({ [name]: value }, ruleSet);
    return read.ok ? this.give(name, value) : refused(read.error.message);
  }

  private give(name: string, reading: Reading): ReplAnswer {
    this.#given.set(name, reading);
    return said(`${name} = ${readingText(reading)}`);
  }

  private async load(what: string): Promise<ReplAnswer> {
    if (what === '') return refused(':load needs EVENT.json or dec_…');
    this.#loaded = await this.ports.load(what);
    const count = this.#loaded.filter(isKnown).length;
    return said(`${what}: ${count} inputs have a value`);
  }

  private rule(id: string): ReplAnswer {
    const { ruleSet, now } = this.ports;
    const [told] = explainRules(ruleSet, { slots: this.slots(), now: now(), rule: id });
    return told === undefined ? this.noRule(id) : said(ruleText(told));
  }

  private noRule(id: string): ReplAnswer {
    return refused(
      withHint(
        `there is no rule '${id}'`,
        id,
        this.ports.ruleSet.rules.map((rule) => rule.id),
      ),
    );
  }

  private points(id: string): ReplAnswer {
    const { ruleSet, now } = this.ports;
    const info = ruleSet.rules.find((rule) => rule.id === id);
    const [told] = explainRules(ruleSet, { slots: this.slots(), now: now(), rule: id });
    if (info === undefined || told === undefined) return this.noRule(id);
    const points = explainExpression(info.points, ruleSet, this.slots());
    if (!points.ok) return refused(problemsText(points.error, info.points));
    const most = `at most ${info.pointsMax}`;
    const comes =
      told.result === 'fires'
        ? `the rule fires: ${toTenths(told.points)} points`
        : `the rule is ${told.result}: no points`;
    return said(`${info.points} = ${resultText(points.value)}\n${comes} (${most})`);
  }

  private async outcome(): Promise<ReplAnswer> {
    const { ruleSet, now } = this.ports;
    const slots = this.slots();
    const named = slots[ruleSet.slotOf('event.type') ?? -1];
    const type = eventTypes.find((one) => one === named);
    if (type === undefined) return refused('there is no event: :load EVENT.json, or event.type = signup');
    const { explainEvent } = await import('../evaluate/explain-event.js');
    const accountId = String(slots[ruleSet.slotOf('account.id') ?? -1] ?? '');
    const { outcome } = await explainEvent(ruleSet, { slots, type, now: now(), context: { accountId } });
    return said(outcomeText(outcome).join('\n'));
  }

  private inputs(prefix: string): string {
    const slots = this.slots();
    const shown = this.ports.ruleSet.names.flatMap((name, slot) => {
      const reading = slots[slot];
      const isShown = prefix === '' ? reading !== undefined : name.startsWith(prefix);
      return isShown ? [`${name} = ${readingText(reading)}`] : [];
    });
    return shown.length === 0 ? 'none' : shown.sort().join('\n');
  }

  private given(): string {
    const lines = [...this.#given].map(([name, reading]) => `${name} = ${readingText(reading)}`);
    return lines.length === 0 ? 'none' : lines.join('\n');
  }

  private unset(name: string): ReplAnswer {
    if (name === '') {
      this.#given.clear();
      this.#loaded = this.ports.ruleSet.newSlots();
      return said('nothing has a value');
    }
    return this.#given.delete(name)
      ? said(`${name} is no longer given`)
      : refused(withHint(`'${name}' was not given`, name, [...this.#given.keys()]));
  }
}

const starting = (names: readonly string[], start: string): string[] =>
  names.filter((name) => name.startsWith(start)).sort();

const withHint = (what: string, name: string, names: Iterable<string>): string =>
  [what, didYouMean(name, [...names])].filter((part) => part !== undefined).join('; ');
