import { Fragment } from 'react';
import type { Rule, RuleCounts } from '../api/types.ts';
import { costWords, shareWords } from './rule-words.ts';

const spans = [
  { id: 'last_24h', title: '24 hours' },
  { id: 'last_7d', title: '7 days' },
  { id: 'since_defined', title: 'Since it was written so' },
] as const;

const lines: readonly { readonly title: string; readonly value: (counts: RuleCounts) => string }[] = [
  { title: 'Events it looked at', value: ({ evaluated }) => String(evaluated) },
  { title: 'Fired', value: ({ fired }) => String(fired) },
  { title: 'of these counted', value: ({ live }) => String(live) },
  { title: 'of these in shadow', value: ({ shadow }) => String(shadow) },
  { title: 'of these outside the roll-out', value: ({ outside_rollout }) => String(outside_rollout) },
  { title: 'of these excepted', value: ({ excepted }) => String(excepted) },
  { title: 'Decisions it would have changed, had it counted', value: ({ would_change }) => String(would_change) },
  { title: 'Unknown', value: ({ unknown }) => shareWords(unknown) },
  { title: 'Cost of one evaluation', value: ({ nanoseconds }) => costWords(nanoseconds) },
];

/** What it did, by span of time. */
export function CountsTable({ rule }: { readonly rule: Rule }) {
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <td />
            {spans.map(({ id, title }) => (
              <th key={id} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ title, value }) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              {spans.map(({ id }) => (
                <td key={id}>{value(rule.counts[id])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What labels and later changes say of it. */
export function Evidence({ rule }: { readonly rule: Rule }) {
  const { evidence, advice } = rule;
  return (
    <>
      <dl className="inputs">
        <dt>Accounts it fired on</dt>
        <dd>
          {evidence.accounts}: {evidence.fraud} labelled fraud, {evidence.honest} labelled honest
        </dd>
        <dt>Precision</dt>
        <dd>{shareWords(evidence.precision)}</dd>
        <dt>Recall</dt>
        <dd>{shareWords(evidence.recall)}</dd>
        <dt>With it, instead of without</dt>
        <dd>{changesWords(evidence.changes)}</dd>
        <dt>Only it holds</dt>
        <dd>{evidence.newly_held} accounts</dd>
        <dt>Honest people who pay</dt>
        <dd>{evidence.honest_pay}</dd>
        <dt>Fires together with</dt>
        <dd>
          {evidence.overlap.length === 0
            ? 'no other rule'
            : evidence.overlap.map(({ rule: other, share }) => `${other} (${Math.round(share * 100)} %)`).join(', ')}
        </dd>
        <dt>Advice</dt>
        <dd>
          {advice.recommendation}: {advice.reasons.join('; ')}
        </dd>
      </dl>
      <p className="hint">
        The mode is changed in Git:{' '}
        {modeCommands(rule.mode).map((command, index) => (
          <Fragment key={command}>
            {index > 0 && ' or '}
            <code>
              scripts/portcullis rules {command} {rule.id}
            </code>
          </Fragment>
        ))}{' '}
        prints the change.
      </p>
    </>
  );
}

/** Those that have something to change: a live rule counts for all already. */
function modeCommands(mode: Rule['mode']): readonly string[] {
  if (mode === 'live') return ['withdraw'];
  return typeof mode === 'object' ? ['promote', 'withdraw'] : ['promote'];
}

type Change = Rule['evidence']['changes'][number];

/** `12 allow to hold`: from what came out without it to what did with it, or would have where it does not count. */
const changesWords = (changes: readonly Change[]): string =>
  changes.length === 0
    ? 'no decision is different'
    : changes.map(({ from, to, decisions }) => `${decisions} ${from} to ${to}`).join(', ');
