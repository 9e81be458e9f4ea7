import type { WebhookEndpoint } from '../api/types.ts';

export type WebhookEvent = WebhookEndpoint['events'][number];

/** The registry of messages that an endpoint can ask for, and when each is sent. */
export const eventWords: Readonly<Record<WebhookEvent, string>> = {
  'decision.created': 'something was decided',
  'account.access_changed': 'an account may do more or less than before',
  'case.opened': 'a case waits for a person',
  'case.decided': 'a person decided a case',
  'case.breached': 'a case waits for longer than it should',
  'ring.detected': 'accounts turned out to belong together',
  'ruleset.loaded': 'other rules are in use',
  'verification.requested': 'somebody has to prove something',
  'rule.fuse_blown': 'a rule fired far too often and went to shadow',
  'budget.exceeded': 'more is held than the policy wants',
};

export const allEvents = Object.keys(eventWords) as readonly WebhookEvent[];
