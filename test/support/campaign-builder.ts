import { type CampaignParameters, generateCampaign } from '../../src/campaigns/generate-campaign.js';
import type { TruthLine } from '../../src/campaigns/truth-line.js';
import type { Event } from '../../src/model/event.js';

const usual: CampaignParameters = {
  seed: 'test',
  start: Date.parse('2026-09-01T00:00:00Z'),
  days: 10,
  honest: 800,
  accounts: 120,
  tier: 'T2',
  scenario: 'single',
  regime: 'burn',
  attackFromD: 5,
  attackDays: 3,
  crowds: {},
  usageDays: 2,
  knownExits: 0.3,
  adapted: [],
};

export const parametersOf = (given: Partial<CampaignParameters> = {}): CampaignParameters => ({ ...usual, ...given });

/** A whole small campaign in memory. */
export function campaign(given: Partial<CampaignParameters> = {}) {
  const moments = [...generateCampaign(parametersOf(given))];
  const events = moments.flatMap(({ event }): Event[] => (event === undefined ? [] : [event]));
  const truths = moments.flatMap(({ truth }): TruthLine[] => (truth === undefined ? [] : [truth]));
  const labels = moments.flatMap(({ label }) => (label === undefined ? [] : [label]));
  const signupOf = new Map(events.filter(({ type }) => type === 'signup').map((event) => [event.account.id, event]));
  const signupsOf = (test: (truth: TruthLine) => boolean): Event[] =>
    truths.filter(test).flatMap(({ account_id }) => signupOf.get(account_id) ?? []);
  return { moments, events, truths, labels, signupsOf };
}
