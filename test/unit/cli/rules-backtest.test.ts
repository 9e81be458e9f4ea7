import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openReplay } from '../../../src/adapters/replay/open-replay.js';
import type { BacktestReport } from '../../../src/backtest/report.js';
import { run } from '../../../src/cli/rules-backtest.js';
import { replayEvents } from '../../../src/replay/replay-events.js';
import { hour, labelAt, minute, replayRules, signupAt, withFiles } from '../../support/replay.js';
import { type CommandRun, runCommand } from '../../support/run-command.js';

const lines = (items: readonly object[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join('');

/** A card that is shared, a device that is busy, accounts that add the card later: all that the rules of replays look at. */
const events: readonly object[] = [
  ...Array.from({ length: 14 }, (_, number) =>
    signupAt(`a${number}`, number * 7 * minute, {
      payment: { fingerprint: `card${number % 2}` },
      device: { fingerprint: `device${number % 3}` },
      email: { address: `li.wei.${number}@mail.example` },
    }),
  ),
  ...Array.from({ length: 4 }, (_, number) => ({
    ...signupAt(`a${number}`, 3 * hour + number * minute),
    event_id: `evt_key${number}`,
    type: 'api_key_created',
    api_key: { id: `key${number}` },
  })),
  ...Array.from({ length: 5 }, (_, number) => ({
    ...signupAt(`b${number}`, 4 * hour + number * minute),
    event_id: `evt_pay${number}`,
    type: 'payment_method_added',
    payment: { fingerprint: 'card1' },
  })),
  ...Array.from({ length: 5 }, (_, number) =>
    signupAt(`c${number}`, 5 * hour + number * 20 * minute, { device: { fingerprint: 'lent' } }),
  ),
];
const labels = [labelAt('a1', hour), labelAt('a2', 5 * hour, 'honest'), labelAt('b0', 6 * hour, 'honest')];

const stateless = `reasons:
  identity.plan: { title: Plan, public: additional_verification_required }
rules:
  - id: identity-plan
    family: identity
    on: [signup]
    when: account.plan == "bad"
    points: 40
    at_least: hold
    reason: identity.plan
    title: Plan
    owner: abuse-team
`;
const plainEvents = (count: number): object[] =>
  Array.from({ length: count }, (_, number) =>
    signupAt(`a${number}`, number * 1000, { account: { id: `a${number}`, plan: number % 3 === 0 ? 'bad' : 'good' } }),
  );

const files = { 'rules/all.yml': replayRules, 'events.jsonl': lines(events), 'labels.jsonl': lines(labels) };

const backtest = (folder: string, ...more: string[]): Promise<CommandRun> => {
  const paths = [join(folder, 'events.jsonl'), '--rules', join(folder, 'rules'), '--data-dir', join(folder, 'none')];
  return runCommand(run, [...paths, ...more]);
};

async function reported(folder: string, ...more: string[]): Promise<BacktestReport> {
  const { status, out, err } = await backtest(folder, '--json', ...more);
  expect([status, err]).toEqual([0, '']);
  return JSON.parse(out);
}

/** How often each rule fired and each outcome came, by a replay. */
async function replayed(folder: string) {
  const world = await openReplay({ rulesDir: join(folder, 'rules'), dataDir: join(folder, 'none') });
  if (!world.ok) throw new Error(world.error.join());
  const counts: Record<string, number> = {};
  const count = (name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const blocks = (items: readonly object[]) =>
    (async function* () {
      yield items.map((item) => JSON.stringify(item));
    })();
  await replayEvents(
    { events: blocks(events), labels: blocks(labels), horizonMs: hour, onBadLine: () => false },
    world.value.ports((line) => {
      if (line.kind !== 'decision') return;
      count(line.outcome);
      for (const rule of line.rules) count(rule);
    }),
  );
  return counts;
}

const counted = ({ rules, rule_set }: BacktestReport): Record<string, number> =>
  Object.fromEntries(
    [...Object.entries(rule_set.events), ...rules.map(({ id, events: { fired } }) => [id, fired] as const)].filter(
      ([, count]) => count > 0,
    ),
  );

describe('rules backtest', () => {
  it('decides what a replay decides, rules that look into history included', async () => {
    await withFiles(files, async (folder) => {
      const report = await reported(folder, '--labels', join(folder, 'labels.jsonl'));
      const wanted = await replayed(folder);
      expect(counted(report)).toEqual(wanted);
      expect(Object.keys(wanted)).toEqual(expect.arrayContaining(['hold', 'payment-three-accounts', 'ring-five']));
      expect(report.accounts).toEqual({ all: 24, fraud: 1, honest: 2, unlabelled: 21 });
    });
  });

  it('keeps the history, judges edited conditions on it, and says so', async () => {
    await withFiles(
      { ...files, 'edited/all.yml': replayRules.replace('accounts_per_card_90d >= 3', 'accounts_per_card_90d >= 2') },
      async (folder) => {
        const state = join(folder, 'state');
        const first = await reported(folder, '--state', state);
        const again = await reported(folder, '--state', state);
        expect(again).toEqual({ ...first, rules: again.rules });
        const edited = await reported(folder, '--state', state, '--rules', join(folder, 'edited'));
        expect(await readdir(state)).toHaveLength(1);
        expect(first.notes).toEqual([]);
        expect(edited.notes).toEqual([expect.stringMatching(/^history as the rule set sha256:.* decided it/)]);
        const fired = (report: BacktestReport): number | undefined =>
          report.rules.find(({ id }) => id === 'payment-three-accounts')?.events.fired;
        expect(fired(edited)).toBe((fired(first) ?? 0) + 2);
        const exact = await reported(folder, '--state', state, '--rules', join(folder, 'edited'), '--exact');
        expect(exact.notes).toEqual([]);
        expect(await readdir(state)).toHaveLength(2);
      },
    );
  });

  it('gives each rule set its own history where they count otherwise', async () => {
    const wider = replayRules
      .replaceAll('signups_per_device_1h', 'signups_per_device_3h')
      .replace('window: 1h', 'window: 3h');
    await withFiles({ ...files, 'wider/all.yml': wider }, async (folder) => {
      const report = await reported(folder, '--rules', join(folder, 'wider'), '--baseline', join(folder, 'rules'));
      const alone = await reported(folder);
      expect(report.baseline?.events).toEqual(alone.rule_set.events);
      expect(report.changes?.events).toEqual([{ from: 'allow', to: 'limit', count: 1 }]);
    });
  });

  it('tells people in one screen, with a block for each rule', async () => {
    await withFiles({ ...files, 'rules/all.yml': stateless, 'events.jsonl': lines(plainEvents(6)) }, async (folder) => {
      const { status, out } = await backtest(folder, '--baseline', join(folder, 'rules'));
      expect(status).toBe(0);
      expect(out).toMatch(/^6 events of 6 accounts/);
      expect(out).toContain('events    allow 4, limit 0, hold 2, deny 0');
      expect(out).toContain('identity-plan (identity, live, abuse-team)');
      expect(out).toContain('held by no other rule  2 accounts: 0 fraud, 0 honest, 2 without a label');
    });
  });

  it('ends with a partial report when it is interrupted, and goes on from there', async () => {
    await withFiles({ 'rules/all.yml': stateless, 'events.jsonl': lines(plainEvents(9000)) }, async (folder) => {
      const state = ['--state', join(folder, 'state')];
      const others = new Set(process.listeners('SIGINT'));
      const running = backtest(folder, '--json', ...state);
      // As Ctrl-C does while it runs; whoever runs the tests is not told.
      const pressing = setInterval(() => {
        for (const listener of process.listeners('SIGINT')) if (!others.has(listener)) listener('SIGINT');
      }, 1);
      const { status, out } = await running.finally(() => clearInterval(pressing));
      const partial: BacktestReport = JSON.parse(out);
      expect([status, partial.partial]).toEqual([130, true]);
      expect(partial.events).toBeLessThan(9000);
      const whole = await reported(folder, ...state, '--resume');
      expect(whole).toMatchObject({ partial: false, events: 9000, rule_set: { events: { hold: 3000 } } });
      expect(await readdir(join(folder, 'state'))).toEqual([]);
    });
  });

  it('does not go on from another file, and says that there is nothing', async () => {
    await withFiles({ 'rules/all.yml': stateless, 'events.jsonl': lines(plainEvents(3)) }, async (folder) => {
      const { status, err } = await backtest(folder, '--state', join(folder, 'state'), '--resume');
      expect([status, err]).toEqual([0, expect.stringContaining('nothing to resume')]);
    });
  });

  it('names the line that cannot be used, and leaves it out where that is asked for', async () => {
    const text = `${lines(plainEvents(2))}{"type":"signup"}\n`;
    await withFiles({ 'rules/all.yml': stateless, 'events.jsonl': text }, async (folder) => {
      expect(await backtest(folder)).toMatchObject({ status: 1, err: expect.stringMatching(/events\.jsonl:3: /) });
      expect(await backtest(folder, '--skip-bad')).toMatchObject({
        status: 0,
        out: expect.stringMatching(/^2 events/),
      });
    });
  });

  it.each([
    [['--rule', 'no-such-rule'], "there is no rule 'no-such-rule'"],
    [['--examples', 'many'], '--examples is a number'],
    [['--resume'], '--resume needs --state'],
    [['--horizon', 'long'], '--horizon is a duration'],
    [['--baseline', 'nowhere'], "there is no 'nowhere'"],
  ])('refuses %j in one line', async (more, message) => {
    await withFiles({ 'rules/all.yml': stateless, 'events.jsonl': lines(plainEvents(1)) }, async (folder) => {
      expect(await backtest(folder, ...more)).toMatchObject({ status: 1, err: expect.stringContaining(message) });
    });
  });

  it('writes the report to a file', async () => {
    await withFiles({ 'rules/all.yml': stateless, 'events.jsonl': lines(plainEvents(3)) }, async (folder) => {
      await backtest(folder, '--out', join(folder, 'report.json'));
      expect(await readdir(folder)).toContain('report.json');
    });
  });

  it.each(['events.jsonl', 'rules/all.yml'])('never writes the report over what it reads: %s', async (name) => {
    const given = { 'rules/all.yml': stateless, 'events.jsonl': lines(plainEvents(3)) };
    await withFiles(given, async (folder) => {
      const file = join(folder, name);
      const before = await readFile(file, 'utf8');
      expect(await backtest(folder, '--out', file)).toMatchObject({
        status: 1,
        err: expect.stringContaining(`the output needs a file of its own: '${file}'`),
      });
      expect(await readFile(file, 'utf8')).toBe(before);
    });
  });
});
