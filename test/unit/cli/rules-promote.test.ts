import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run as reset } from '../../../src/cli/rules-fuse-reset.js';
import { run as promote } from '../../../src/cli/rules-promote.js';
import { run as shadow } from '../../../src/cli/rules-shadow.js';
import { run as withdraw } from '../../../src/cli/rules-withdraw.js';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { featureIdsOf, ruleDefinition } from '../../../src/ruleset/rule-definition.js';
import { runCommand } from '../../support/run-command.js';

const run = promisify(execFile);

const rules = `reasons:
  identity.trial: { title: Trial, public: additional_verification_required }
# On trial until the end of May.
rules:
  - id: on-trial   # the one
    family: identity
    on: [signup]
    when: account.plan == "trial"
    points: 10
    reason: identity.trial
    owner: abuse-team   # ask them
    mode: shadow  # since April
    tests:
      - { name: fires, given: { account.plan: trial }, expect: fires }
      - { name: quiet, given: { account.plan: paid }, expect: quiet }
  - id: without-mode
    family: identity
    on: [signup]
    when: account.plan == "other"
    points: 10
    reason: identity.trial
    owner: abuse-team # no mode yet
    title: >-
      a title over
      two lines
  - { id: in-flow, family: identity, on: [signup], when: 'account.plan == "flow"', points: 1, reason: identity.trial, owner: a-team }
  - id: in-a-block
    family: identity
    on: [signup]
    when: account.plan == "block"
    points: 10
    reason: identity.trial
    owner: abuse-team
    mode:
      rollout: 20%
  - id: in-a-block-before-others
    family: identity
    on: [signup]
    when: account.plan == "first"
    points: 10
    reason: identity.trial
    owner: abuse-team
    mode: # a third of them
      rollout: 33.5% # since May

    # What it shows.
    title: not the last key
`;

const { ruleSet, errors } = loadRuleSet({ files: new Map([['trial.yml', rules]]), now: Date.now() });
const definitionOf = (id: string): string => {
  const declaration = ruleSet?.declarations.find(({ info }) => info.id === id);
  if (ruleSet === undefined || declaration === undefined) throw new Error(JSON.stringify(errors));
  return ruleDefinition(declaration, featureIdsOf(ruleSet));
};

let home = '';
let service: Server;
let advice = { recommendation: 'promote', reasons: [] as string[] };
let definition = '';
let changes = [{ from: 'allow', to: 'limit', decisions: 90 }];
const asked: string[] = [];

const share = { count: 19, of: 20, share: 0.95, low: 0.76, high: 0.99 };
const counts = { evaluated: 5000, fired: 120, unknown: share, nanoseconds: 300, would_change: 90 };
const trial = () => ({
  data: [
    {
      id: 'on-trial',
      mode: 'shadow',
      owner: 'abuse-team',
      definition,
      mode_since: '2026-04-01T00:00:00.000Z',
      fuse_blown: null,
      counts: { last_24h: counts, last_7d: counts, since_defined: counts },
      evidence: {
        decisions: 120,
        accounts: 100,
        fraud: 19,
        honest: 1,
        precision: share,
        recall: share,
        changes,
        newly_held: 3,
        newly_limited: 87,
        honest_pay: 1,
        overlap: [{ rule: 'payment-many-accounts', accounts: 30, share: 0.3 }],
      },
      advice,
    },
  ],
  candidate: {
    ruleset: '2026-05-01.2',
    decisions: 9000,
    changes: [{ from: 'allow', to: 'hold', decisions: 12 }],
    newly_held: 12,
    newly_limited: 0,
    honest_pay: 1,
  },
  next_cursor: null,
  evidence: {
    since: '2026-04-24T00:00:00.000Z',
    decisions: 9000,
    accounts: 4000,
    fraud: 40,
    honest: 60,
    complete: true,
  },
});

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'portcullis-promote-'));
  await mkdir(join(home, 'rules', 'trials'), { recursive: true });
  await writeFile(join(home, 'rules', 'trials', 'trial.yml'), rules);
  await run('git', ['init', '--quiet', home]);
  definition = definitionOf('on-trial');
  service = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const isReset = request.url === '/v1/rules/on-trial/fuse/reset';
    const body = isReset ? { rule: 'on-trial', reset: true } : trial();
    const isKnown = isReset || request.url?.startsWith('/v1/rules/trial') === true;
    response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => service.once('listening', listening));
});
afterAll(async () => {
  service.close();
  await rm(home, { recursive: true, force: true });
});

const environment = () => {
  const { port } = service.address() as AddressInfo;
  return {
    HOST: '127.0.0.1',
    PORT: String(port),
    BOOTSTRAP_API_KEY: 'pk_admin_of_a_test',
    RULES_DIR: join(home, 'rules'),
  };
};
const file = () => readFile(join(home, 'rules', 'trials', 'trial.yml'), 'utf8');

/** What `git apply` makes of what was printed, which is then taken back. */
async function applied(printed: string): Promise<string> {
  await writeFile(join(home, 'change.txt'), printed);
  await run('git', ['apply', 'change.txt'], { cwd: home });
  const after = await file();
  await writeFile(join(home, 'rules', 'trials', 'trial.yml'), rules);
  return after;
}

describe('rules promote', () => {
  it('prints a message with the evidence and a change that git takes, and writes nothing', async () => {
    const done = await runCommand(promote, ['on-trial'], environment());
    expect(done).toMatchObject({ status: 0, err: '' });
    expect(done.out).toContain('on-trial: live, was shadow\n\nSince 2026-04-24: 9000 decisions on 4000 accounts.');
    expect(done.out).toContain('Precision 95 % (76 to 99 %), 19 of 20');
    expect(await file()).toBe(rules);
    expect(await applied(done.out)).toBe(rules.replace('mode: shadow  # since April', 'mode: live  # since April'));
  });

  it('promotes to a share of the accounts', async () => {
    const { out } = await runCommand(promote, ['on-trial', '--to', '12.5%'], environment());
    expect(await applied(out)).toContain('mode: { rollout: 12.5% }  # since April');
  });

  it('raises a share, whichever way it is written', async () => {
    const { out } = await runCommand(promote, ['in-a-block', '--to', '50%', '--force'], environment());
    expect(await applied(out)).toBe(rules.replace('mode:\n      rollout: 20%', 'mode: { rollout: 50% }'));
  });

  it('refuses with reasons while there is too little evidence, unless it is forced to', async () => {
    advice = { recommendation: 'watch', reasons: ['watched for 2.0 hours of 24'] };
    const refused = await runCommand(promote, ['on-trial'], environment());
    expect(refused).toMatchObject({ status: 1, out: '' });
    expect(refused.err).toContain('watched for 2.0 hours of 24');
    const forced = await runCommand(promote, ['on-trial', '--force'], environment());
    expect(forced.out).toContain('Forced, although:\n- watched for 2.0 hours of 24');
    advice = { recommendation: 'promote', reasons: [] };
  });

  it('says of a rule that lets people in what is looser with it, and how many it fires on are fraud', async () => {
    const usual = changes;
    changes = [{ from: 'hold', to: 'allow', decisions: 70 }];
    const { out } = await runCommand(promote, ['on-trial'], environment());
    changes = usual;
    expect(out).toContain('For everybody 70 decisions come out looser with it.\n');
    expect(out).toContain('Fraud among the labelled accounts that it fires on: 95 % (76 to 99 %), 19 of 20.\n');
    expect(out).not.toContain('recision');
  });

  it('refuses what the running service did with another version of the rule', async () => {
    definition = 'of-yesterday';
    const { status, err } = await runCommand(promote, ['on-trial'], environment());
    expect({ status, err }).toMatchObject({ status: 1, err: expect.stringContaining('another version of this rule') });
    definition = definitionOf('on-trial');
  });

  it('needs the service, unless it is forced to do without', async () => {
    const nobody = { ...environment(), PORT: '1' };
    expect((await runCommand(promote, ['on-trial'], nobody)).err).toContain('no service answers');
    const forced = await runCommand(promote, ['on-trial', '--force', '--json'], nobody);
    expect(JSON.parse(forced.out)).toMatchObject({
      to: 'live',
      against: [expect.stringContaining('no service answers')],
    });
  });

  it.each([
    [['on-tril'], "did you mean 'on-trial'"],
    [['without-mode'], 'is no promotion'],
    [['in-a-block', '--to', '10%'], 'is no promotion'],
    [['on-trial', '--to', 'shadow'], '--to is live or a share'],
    [['on-trial', '--to', '0%'], '--to is live or a share'],
    [[], 'name one rule'],
    [['on-trial', '--since', 'soon'], '--since is a time'],
    [['on-trial', '--since', '91d'], '--since is at most 90 days ago'],
  ])('refuses %j', async (args, why) => {
    const { status, err } = await runCommand(promote, args, environment());
    expect(status).toBe(1);
    expect(err).toContain(why);
  });
});

describe('rules withdraw', () => {
  it('puts a rule without a mode into shadow', async () => {
    const { out } = await runCommand(withdraw, ['without-mode'], environment());
    expect(out).toContain('without-mode: shadow, was live');
    const line = '    owner: abuse-team # no mode yet\n';
    expect(await applied(out)).toBe(rules.replace(line, `${line}    mode: shadow\n`));
  });

  it('turns off a rule whose mode is a block between other keys, comments and form as they were', async () => {
    const { out } = await runCommand(withdraw, ['in-a-block-before-others', '--to', 'off'], environment());
    const block = 'mode: # a third of them\n      rollout: 33.5% # since May';
    expect(await applied(out)).toBe(rules.replace(block, 'mode: off # a third of them # since May'));
  });

  it('turns off a rule that stands on one line', async () => {
    const { out } = await runCommand(withdraw, ['in-flow', '--to', 'off'], environment());
    expect(await applied(out)).toContain('owner: a-team, mode: off }');
  });

  it('refuses what is no withdrawal', async () => {
    const { status, err } = await runCommand(withdraw, ['on-trial'], environment());
    expect({ status, err }).toMatchObject({ status: 1, err: expect.stringContaining('is no withdrawal') });
  });
});

describe('rules shadow', () => {
  it('tells of each rule on trial what it would do', async () => {
    const { status, out } = await runCommand(shadow, ['--since', '30d'], environment());
    expect(status).toBe(0);
    expect(out).toContain('9000 decisions on 4000 accounts since 2026-04-24T00:00Z; 40 accounts labelled as fraud');
    for (const line of [
      'would change  90 from allow to limit',
      '120 times of 5000 in 24 hours',
      'payment-many-accounts (30 %',
      'rule set 2026-05-01.2, judged beside the one in use\n  would change  12 from allow to hold; 9000 decisions looked at',
      'honest pay    1 honest account\n',
    ])
      expect(out).toContain(line);
    expect(decodeURIComponent(asked.at(-1) ?? '')).toMatch(/^GET \/v1\/rules\/trial\?since=\d{4}-/);
  });

  it('tells it to programs too', async () => {
    const { out } = await runCommand(shadow, ['--json'], environment());
    expect(JSON.parse(out)).toMatchObject({ decisions: 9000, rules: [{ id: 'on-trial' }] });
  });
});

describe('rules fuse reset', () => {
  it('asks the service, and says so of a rule that it does not know', async () => {
    expect(await runCommand(reset, ['on-trial'], environment())).toMatchObject({
      status: 0,
      out: 'on-trial counts again\n',
    });
    const unknown = await runCommand(reset, ['no-rule'], environment());
    expect(unknown).toMatchObject({ status: 1, err: expect.stringContaining("has no rule 'no-rule'") });
  });
});
