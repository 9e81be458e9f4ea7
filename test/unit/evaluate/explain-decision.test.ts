import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readRuleFiles } from '../../../src/adapters/files/rule-files.js';
import { signalPortsFor } from '../../../src/adapters/identity/signal-ports.js';
import { fastHash } from '../../../src/adapters/memory/fast-hash.js';
import { plainSealer } from '../../../src/adapters/memory/plain-sealer.js';
import { MemoryRuleSetArchive } from '../../../src/adapters/memory/rule-set-archive.js';
import { createDecisionExplainer, type DecisionExplanation } from '../../../src/evaluate/explain-decision.js';
import type { ExplainPorts } from '../../../src/evaluate/explain-ports.js';
import type { Decision } from '../../../src/model/decision.js';
import { Unavailable } from '../../../src/model/value.js';
import { campaign } from '../../support/campaign-builder.js';
import { memoryStory } from '../../support/memory-story.js';

const noon = Date.parse('2026-05-01T12:00:00.000Z');
const card = '{ distinct: account.id, by: [payment.fingerprint], window: 90d, on: [signup] }';

interface RuleText {
  readonly id: string;
  readonly when: string;
  readonly more?: string;
  readonly on?: string;
}

const ruleOf = ({ id, when, more = '', on = 'signup, api_key_created' }: RuleText): string =>
  `
  - id: ${id}
    family: payment
    on: [${on}]
    when: ${JSON.stringify(when)}
    points: 35
    reason: payment.reused
    title: "a title"
    owner: team
    mode: shadow${more.includes('mode:') ? '_' : ''}
${more}`.replace(/\n {4}mode: shadow_/, '');

const live = '    mode: live\n    tests: [{ name: t, given: {}, expect: unknown }]\n';

function rulesOf(rules: readonly RuleText[], feature = card): ReadonlyMap<string, string> {
  const text = `features:\n  accounts_per_card: ${feature}\nrules:${rules.map(ruleOf).join('')}\nreasons:\n  payment.reused: { title: T, public: additional_verification_required }\n`;
  return new Map([
    ['rules.yml', text],
    ['lists/burned.txt', '# source: own\n# date: 2026-05-01\nburned@mail.example\n'],
  ]);
}

const usual: readonly RuleText[] = [
  { id: 'mail', when: 'email.address == "li.wei@mail.example"', more: live },
  { id: 'listed', when: 'email.address in lists.burned', more: live },
  { id: 'net', when: 'in_cidr(ip.address, "203.0.113.0/24") && accounts_per_card >= 2', more: live },
];

const secrets = ['li.wei', '203.0.113.7', 'pm_secret'];
const signup = (id: string, more: object = {}) => ({
  type: 'signup',
  event_id: `evt_${id}`,
  account: { id },
  ip: '203.0.113.7',
  email: { address: 'li.wei@mail.example' },
  payment: { fingerprint: 'pm_secret' },
  ...more,
});

type World = ReturnType<typeof memoryStory>;

async function archiveOf(...worlds: readonly World[]): Promise<MemoryRuleSetArchive> {
  const archive = new MemoryRuleSetArchive();
  for (const { ruleSet, files } of worlds.map((world) => ({ ...world.story.snapshot(), files: filesOf.get(world) })))
    await archive.keep({ hash: ruleSet.hash, version: ruleSet.version, files: files ?? new Map() }, noon);
  return archive;
}

const filesOf = new WeakMap<World, ReadonlyMap<string, string>>();

function worldOf(rules: ReadonlyMap<string, string>): World {
  const world = memoryStory(rules, noon);
  filesOf.set(world, rules);
  return world;
}

/** Explains decisions of the world; `now` is a world whose rules are in use by now. */
async function explainerOf(world: World, { now = world, ...more }: Partial<ExplainPorts> & { now?: World } = {}) {
  const explain = createDecisionExplainer({
    decisions: world.story.log,
    archive: await archiveOf(world, now),
    snapshot: now.story.snapshot,
    sealer: plainSealer,
    hashIdentifier: fastHash,
    signals: signalPortsFor({ tables: undefined, databases: [] })(new Map()),
    pace: { elapsed: () => performance.now(), breathe: async () => undefined, sliceMs: 4 },
    ...more,
  });
  return async (decision: Pick<Decision, 'id'>, ruleset: 'then' | 'now' = 'then', rule?: string) => {
    const explained = await explain({ id: decision.id, ruleset, rule });
    if (!explained.ok) throw new Error(JSON.stringify(explained.error));
    return explained.value;
  };
}

const ruleIn = ({ rules }: DecisionExplanation, id: string) => rules.find((rule) => rule.id === id);

describe('a stored decision', () => {
  let world: World;
  let decision: Decision;
  beforeAll(async () => {
    world = worldOf(rulesOf(usual));
    await world.evaluate(signup('first'));
    decision = await world.evaluate(signup('second'));
  });

  it('is explained with what it saw: conditions on identifiers come out right, and identifiers stay hidden', async () => {
    const explained = await (await explainerOf(world))(decision);
    expect(explained).toMatchObject({
      outcome: { outcome: decision.outcome, score: decision.score },
      evidence: { event: 'readable', agrees: true, missing: {}, notes: [] },
      ruleset: { of: 'then', kept: true, hash: decision.ruleset.hash },
    });
    expect(ruleIn(explained, 'mail')).toMatchObject({ result: 'fires', effect: 'counts', points: 35 });
    expect(ruleIn(explained, 'listed')).toMatchObject({ result: 'quiet', leaves: [{ result: false }] });
    expect(ruleIn(explained, 'net')?.leaves).toEqual([
      {
        text: 'in_cidr(ip.address, "203.0.113.0/24")',
        result: true,
        values: { 'ip.address': fastHash('ip.address', '203.0.113.7') },
      },
      { text: 'accounts_per_card >= 2', result: true, values: { accounts_per_card: 2 } },
    ]);
    const values = JSON.stringify(
      explained.rules.map(({ leaves, flip }) => [leaves.map((leaf) => leaf.values), flip?.map(({ from }) => from)]),
    );
    for (const secret of secrets) expect(values).not.toContain(secret);
  });

  it('finds identifiers that an earlier event of the account brought', async () => {
    const key = {
      type: 'api_key_created',
      event_id: 'evt_key',
      account: { id: 'second' },
      ip: '198.51.100.1',
      api_key: { id: 'k' },
    };
    const later = await world.evaluate(key);
    const explained = await (await explainerOf(world))(later);
    expect(explained.evidence).toMatchObject({ agrees: true });
    expect(ruleIn(explained, 'mail')).toMatchObject({ result: 'fires' });
    expect(ruleIn(explained, 'net')?.leaves[0]).toMatchObject({ result: false });
  });

  it('says what cannot be judged again once the event has been erased, and keeps to what was recorded', async () => {
    const { log } = world.story;
    const decisions = { byId: log.byId.bind(log), status: log.status.bind(log), eventsOf: async () => [] };
    const explained = await (await explainerOf(world, { decisions }))(decision);
    expect(explained.evidence).toMatchObject({
      event: 'erased',
      agrees: false,
      missing: { 'email.address': 'erased', 'ip.address': 'erased' },
    });
    expect(explained.evidence.notes).toContain('mail fired then, and cannot be judged again (email.address: erased)');
    expect(ruleIn(explained, 'mail')).toMatchObject({
      result: 'fires',
      points: 35,
      effect: 'counts',
      leaves: [
        {
          result: null,
          missing: { 'email.address': 'erased' },
          values: { 'email.address': fastHash('email.address', 'li.wei@mail.example') },
        },
      ],
    });
    expect(explained.outcome).toMatchObject({ outcome: decision.outcome, score: decision.score });
    expect(ruleIn(explained, 'listed')?.flip).toBeUndefined();
  });

  it('is not told of where there is none, nor a rule that did not look', async () => {
    const explain = await explainerOf(world);
    await expect(explain({ id: 'dec_none' })).rejects.toThrow('not_found');
    await expect(explain(decision, 'then', 'nonsense')).rejects.toThrow("no rule 'nonsense'");
    expect((await explain(decision, 'then', 'net')).rules).toHaveLength(1);
  });
});

describe('what the firing of a rule came to', () => {
  const always = (id: string, more: string): RuleText => ({ id, when: 'has(ip.address)', more });
  const tested = '    tests: [{ name: t, given: { ip.address: "1.1.1.1" }, expect: fires }]\n';
  const exception =
    '    except: [{ when: \'account.path == "education"\', why: shared lab, owner: trust, until: 2027-01-01 }]\n';

  it('is told: it counted, it was only recorded and why, it was cleared, an exception held', async () => {
    const world = worldOf(
      rulesOf([
        always('counts', live),
        { id: 'shadow', when: 'has(ip.address)' },
        always('tried', `    mode: { rollout: 0% }\n${tested}`),
        always('blown', `${live}    fuse: { share: 1%, min: 1, over: 10m }\n`),
        always('cleared', live),
        always('excepted', live + exception),
        always('both', live + exception),
      ]),
    );
    await world.evaluate(signup('before'));
    const account = world.truth.accounts.get('before');
    if (account === undefined) throw new Error('no account');
    world.truth.accounts.set('before', { ...account, clearedRules: ['cleared', 'both'] });
    await world.story.memory.clear('before', { clearedRules: ['cleared', 'both'], verified: false, evidence: {} });
    const event = { ...signup('before'), event_id: 'evt_again', account: { id: 'before', path: 'education' } };
    const decision = await world.evaluate(event);
    const { rules, evidence } = await (await explainerOf(world))(decision);
    expect(Object.fromEntries(rules.map(({ id, effect }) => [id, effect]))).toEqual({
      counts: 'counts',
      shadow: 'shadow',
      tried: 'rollout',
      blown: 'fuse',
      cleared: 'cleared',
      excepted: 'excepted',
      // As it is counted: a clearance is looked at first.
      both: 'cleared',
    });
    expect(rules.find(({ id }) => id === 'excepted')).toMatchObject({
      result: 'quiet',
      exception: { when: 'account.path == "education"', why: 'shared lab', owner: 'trust' },
    });
    expect(
      Object.fromEntries(rules.flatMap(({ id, would_be }) => (would_be === undefined ? [] : [[id, would_be]]))),
    ).toEqual(Object.fromEntries(decision.shadow.map(({ rule, outcome }) => [rule, outcome])));
    expect(evidence).toMatchObject({ agrees: true, notes: [] });
  });

  it('counts what could not be had then as not had', async () => {
    const world = worldOf(rulesOf(usual));
    const away = new Unavailable('velocity_unavailable');
    const features = {
      ...world.story.features,
      observe: async ({ lookups }: { lookups: readonly unknown[] }) => lookups.map(() => away),
    };
    Object.assign(world.story, { features });
    const decision = await world.evaluate(signup('blind'));
    expect(decision.degraded).toEqual(['velocity_unavailable']);
    const explained = await (await explainerOf(world))(decision);
    expect(explained.evidence).toMatchObject({ agrees: true, missing: { accounts_per_card: 'velocity_unavailable' } });
    expect(explained.outcome.floors).toEqual([{ at_least: 'limit', unavailable: 'velocity' }]);
    expect(decision.unavailable).toEqual(['accounts_per_card']);
  });

  it('tells what was absent from what could not be had in the same decision', async () => {
    const two = `${card}\n  accounts_per_phone: ${card.replace('payment.fingerprint', 'phone.number')}`;
    const world = worldOf(rulesOf([...usual, { id: 'phone', when: 'accounts_per_phone >= 2', more: live }], two));
    const away = new Unavailable('velocity_unavailable');
    const features = {
      ...world.story.features,
      observe: async ({ lookups }: { lookups: readonly unknown[] }) => lookups.map(() => away),
    };
    Object.assign(world.story, { features });
    const decision = await world.evaluate(signup('phoneless'));
    expect(decision).toMatchObject({ degraded: ['velocity_unavailable'], unavailable: ['accounts_per_card'] });
    expect(decision.unknown).toContain('accounts_per_phone');
    const explained = await (await explainerOf(world))(decision);
    expect(explained.evidence).toMatchObject({ agrees: true, missing: { accounts_per_card: 'velocity_unavailable' } });
    expect(explained.evidence.missing).not.toHaveProperty('accounts_per_phone');
  });
});

describe('the rules of now', () => {
  it('come to something else where they differ, and say why', async () => {
    const world = worldOf(rulesOf([...usual, { id: 'gone', when: 'has(ip.address)', more: live }]));
    await world.evaluate(signup('first'));
    const decision = await world.evaluate(signup('second'));
    const [mail, listed] = usual;
    if (mail === undefined || listed === undefined) throw new Error('no rules');
    const now = worldOf(
      rulesOf(
        [
          { ...mail, when: 'email.address == "li.wei@other.example"' },
          listed,
          { id: 'net', when: 'in_cidr(ip.address, "203.0.113.0/24") && accounts_per_card >= 2', more: live },
          { id: 'domain', when: 'email.domain == "mail.example"', more: live },
        ],
        card.replace('90d', '30d'),
      ),
    );
    const explain = await explainerOf(world, { now });
    const { differences, rules, ruleset, evidence } = await explain(decision, 'now');
    expect(ruleset).toMatchObject({ of: 'now', kept: true, hash: now.story.snapshot().ruleSet.hash });
    expect(Object.fromEntries((differences ?? []).map(({ id, because }) => [id, because]))).toEqual({
      mail: ['condition: email.address == "li.wei@mail.example" → email.address == "li.wei@other.example"'],
      net: ['accounts_per_card >= 2: true → unknown (accounts_per_card: not_recorded)'],
      gone: ['the rule is gone'],
      domain: ['the rule was not there'],
    });
    expect(rules.find(({ id }) => id === 'domain')).toMatchObject({ result: 'fires' });
    expect(evidence.missing).toEqual({ accounts_per_card: 'not_recorded' });
    expect((await explain(decision)).ruleset).toMatchObject({ of: 'then', hash: decision.ruleset.hash });
    expect((await explain(decision)).evidence.agrees).toBe(true);
  });

  it('explain when those of then were not kept, and say so', async () => {
    const world = worldOf(rulesOf(usual));
    const decision = await world.evaluate(signup('first'));
    const now = worldOf(rulesOf([...usual, { id: 'new', when: 'email.domain == "mail.example"', more: live }]));
    const explain = await explainerOf(world, { now, archive: new MemoryRuleSetArchive() });
    const explained = await explain(decision);
    expect(explained.ruleset).toMatchObject({ of: 'now', kept: false });
    expect(ruleIn(explained, 'mail')).toMatchObject({ result: 'fires' });
    expect(ruleIn(explained, 'new')?.leaves[0]).toMatchObject({
      result: null,
      missing: { 'email.domain': 'not_recorded' },
    });
  });
});

describe('the default rules on a small campaign', () => {
  it('are explained to what was decided', async () => {
    const { files } = await readRuleFiles(join(process.cwd(), 'rules'));
    const { events } = campaign({
      days: 3,
      honest: 60,
      accounts: 40,
      attackFromD: 1,
      attackDays: 1,
      seed: 'explained',
    });
    const first = events[0]?.occurred_at;
    const world = memoryStory(files, Date.parse(first ?? ''));
    filesOf.set(world, files);
    const explain = await explainerOf(world);
    const wrong: string[] = [];
    for (const [place, event] of events.slice(0, 100).entries()) {
      world.clock.at = Math.max(world.clock.at, Date.parse(event.occurred_at ?? ''));
      const decision = await world.evaluate(event);
      // All of them make the history; each third is explained.
      if (place % 3 !== 0) continue;
      const { evidence, outcome } = await explain(decision);
      if (!evidence.agrees)
        wrong.push(
          `${event.event_id}: ${outcome.outcome} ${outcome.score}, not ${decision.outcome} ${decision.score}; ${evidence.notes}`,
        );
    }
    expect(wrong).toEqual([]);
  }, 60_000);
});
