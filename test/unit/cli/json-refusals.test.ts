import { describe, expect, it } from '@jest/globals';
import { run as replay } from '../../../src/cli/replay.js';
import { run as backtest } from '../../../src/cli/rules-backtest.js';
import { run as diff } from '../../../src/cli/rules-diff.js';
import { run as fit } from '../../../src/cli/rules-fit.js';
import { run as scorecard } from '../../../src/cli/scorecard.js';
import { minute, replayRules, signupAt, withFiles } from '../../support/replay.js';
import { runCommand } from '../../support/run-command.js';

const event = JSON.stringify(signupAt('a', minute, {}));
const label = JSON.stringify({ at: '2026-05-01T12:00:00Z', account_id: 'acct_a', label: 'fraud', source: 'review' });
const files = {
  'rules/all.yml': replayRules,
  'broken/all.yml': 'ruls: []\n',
  'events.jsonl': `${event}\n`,
  'labels.jsonl': `${label}\n`,
  'bad.jsonl': `${event}\n{"type":"signup"}\n`,
  'campaign/truth.jsonl': '',
  'campaign/events.jsonl': '{"type":"signup"}\n',
};
const tooFew = 'too few labels: at least ';
const badLine = 'bad.jsonl:2: /event_id: required';
const rules = ['--rules', 'F/rules', '--data-dir', 'F/data'];
const broken = ['--rules', 'F/broken', '--data-dir', 'F/data'];
const labels = ['--labels', 'F/labels.jsonl'];
const noData = ['--data', 'F/campaign'];
const out = ['--out', 'F/out.jsonl'];

describe('with --json', () => {
  it.each([
    ['rules fit with few labels', fit, ['F/events.jsonl', ...labels, ...rules], tooFew],
    ['rules fit at a bad line', fit, ['F/bad.jsonl', ...labels, ...rules], badLine],
    ['rules fit at a bad label', fit, ['F/events.jsonl', '--labels', 'F/bad.jsonl', ...rules], 'bad.jsonl:1: '],
    ['rules fit with broken rules', fit, ['F/events.jsonl', ...labels, ...broken], "'ruls'"],
    ['rules backtest at a bad line', backtest, ['F/bad.jsonl', ...rules], badLine],
    ['rules backtest with broken rules', backtest, ['F/events.jsonl', ...broken], "'ruls'"],
    ['rules diff at a bad line', diff, ['F/rules', 'F/rules', 'F/bad.jsonl', '--data-dir', 'F/data'], badLine],
    ['replay at a bad line', replay, ['F/bad.jsonl', ...out, ...rules], badLine],
    ['replay with broken rules', replay, ['F/events.jsonl', ...out, ...broken], "'ruls'"],
    ['scorecard at a bad line', scorecard, ['F/campaign', ...rules], 'events.jsonl:1: /event_id: required'],
    ['replay with no data', replay, ['F/events.jsonl', ...out, ...rules, ...noData], 'has none of asn.csv'],
    ['rules fit with no data', fit, ['F/events.jsonl', ...labels, ...rules, ...noData], 'has none of asn.csv'],
    ['rules backtest with no data', backtest, ['F/events.jsonl', ...rules, ...noData], 'has none of asn.csv'],
    ['scorecard with no data', scorecard, ['F/campaign', ...rules, ...noData], 'has none of asn.csv'],
    ['scorecard with broken rules', scorecard, ['F/campaign', ...broken], "'ruls'"],
  ])('%s says in JSON, too, why there is nothing', async (_, command, args, reason) => {
    await withFiles(files, async (folder) => {
      const words = [...args, '--json'].map((word) => word.replace(/^F\//, `${folder}/`));
      const run = await runCommand(command, words);
      expect(run.status).toBeGreaterThan(0);
      expect(JSON.parse(run.out)).toEqual({ ok: false, error: expect.stringContaining(reason), errors: [] });
      expect(run.err).toContain(reason);
      expect(run.err.split(reason)).toHaveLength(2);
    });
  });
});
