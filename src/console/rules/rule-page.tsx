import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Link, useParams } from 'wouter';
import { call } from '../api/client.ts';
import type { Rule, RuleCounts } from '../api/types.ts';
import { SafeText } from '../parts/safe-text.tsx';
import { Empty, Loading, Shown, wordsOf } from '../parts/states.tsx';
import { When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';
import { may, useSession } from '../session/session.ts';
import { rulesetPath, useKeptRuleset } from './kept-ruleset.ts';
import { costWords, modeWords, shareWords } from './rule-words.ts';
import { useRules, useRuleset } from './rules-page.tsx';

const RuleText = lazy(() => import('./rule-text.tsx'));

export default function RulePage() {
  const { id = '' } = useParams<{ id: string }>();
  const rules = useRules();
  return (
    <Shown what="the rule" query={rules}>
      {({ data }) => {
        const rule = data.find((one) => one.id === id);
        return rule === undefined ? (
          <Empty>
            There is no rule <code>{id}</code> in the set that is in use. <Link href="/rules">All rules</Link>
          </Empty>
        ) : (
          <OneRule rule={rule} />
        );
      }}
    </Shown>
  );
}

function OneRule({ rule }: { readonly rule: Rule }) {
  const now = useNow();
  const { role } = useSession();
  return (
    <article>
      <h1>
        Rule <code>{rule.id}</code>
      </h1>
      <p>
        <SafeText text={rule.title} />
      </p>
      <dl className="inputs">
        <dt>Mode</dt>
        <dd>
          {modeWords(rule)}, since <When at={rule.mode_since} now={now} />
        </dd>
        <dt>Family</dt>
        <dd>{rule.family}</dd>
        <dt>Looks at</dt>
        <dd>{rule.on.join(', ')}</dd>
        <dt>Fires when</dt>
        <dd>
          <code>{rule.when}</code>
        </dd>
        <dt>Points</dt>
        <dd>
          <code>{rule.points}</code>
          {rule.at_least !== null && `, at least ${rule.at_least}`}
          {rule.at_most !== null && `, at most ${rule.at_most}`}
        </dd>
        <dt>Owner</dt>
        <dd>{rule.owner}</dd>
        <dt>Written in</dt>
        <dd>
          <code>
            {rule.file}:{rule.line}
          </code>
        </dd>
      </dl>
      <Fuse rule={rule} />
      <h2>What it did</h2>
      <CountsTable rule={rule} />
      <h2>What it is worth</h2>
      <Evidence rule={rule} />
      <Exceptions rule={rule} />
      {may(role, ['author']) && <Text rule={rule} />}
    </article>
  );
}

/** The file that it is written in, with its tests, as the version in use has it. */
function Text({ rule }: { readonly rule: Rule }) {
  const ruleset = useRuleset();
  return (
    <section aria-labelledby="text">
      <h2 id="text">Its text and its tests</h2>
      <Shown what="the text" query={ruleset}>
        {({ hash }) => <TextOf hash={hash} rule={rule} />}
      </Shown>
    </section>
  );
}

function TextOf({ hash, rule: { file, line } }: { readonly hash: string; readonly rule: Rule }) {
  const kept = useKeptRuleset(hash);
  return (
    <Shown what="the text" query={kept}>
      {(found) => {
        const text = found?.files[file];
        if (text === undefined) return <Empty>It is kept from the first decision of this version on.</Empty>;
        return (
          <>
            <p>
              <Link href={rulesetPath(hash, file, line)}>All files of this version</Link>,{' '}
              <Link href={`${rulesetPath(hash)}/change?${new URLSearchParams({ file })}`}>try a change</Link>
            </p>
            <Suspense fallback={<Loading what="the text" />}>
              <RuleText file={file} text={text} line={line} />
            </Suspense>
          </>
        );
      }}
    </Shown>
  );
}

/** A rule that fired far too often, and the way back once somebody has looked. */
function Fuse({ rule }: { readonly rule: Rule }) {
  const { role } = useSession();
  const client = useQueryClient();
  const reset = useMutation({
    mutationFn: () => call('resetFuse', { params: { id: rule.id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['rules'] }),
  });
  const { fuse_blown: blown } = rule;
  if (blown === null) return null;
  return (
    <section role="alert" className="notice">
      <p>
        Its fuse blew at {new Date(blown.blown_at).toLocaleString()}: it fired on {blown.hits} of {blown.events} events,
        and counts for nothing until somebody has looked.
      </p>
      {may(role, ['author']) && (
        <button type="button" disabled={reset.isPending} onClick={() => reset.mutate()}>
          I have looked: let it count again
        </button>
      )}
      {reset.isError && <p className="form-problem">Not reset: {wordsOf(reset.error)}.</p>}
    </section>
  );
}

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
  { title: 'Unknown', value: ({ unknown }) => shareWords(unknown) },
  { title: 'Cost of one evaluation', value: ({ nanoseconds }) => costWords(nanoseconds) },
];

function CountsTable({ rule }: { readonly rule: Rule }) {
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

function Evidence({ rule }: { readonly rule: Rule }) {
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
        The change itself is made in Git: <code>scripts/portcullis rules promote {rule.id}</code> prints it.
      </p>
    </>
  );
}

function Exceptions({ rule }: { readonly rule: Rule }) {
  if (rule.exceptions.length === 0) return null;
  return (
    <section aria-labelledby="exceptions">
      <h2 id="exceptions">Exceptions</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Why</th>
            <th scope="col">Owner</th>
            <th scope="col">Until</th>
            <th scope="col">Used</th>
          </tr>
        </thead>
        <tbody>
          {rule.exceptions.map((one) => (
            <tr key={`${one.why} ${one.until}`}>
              <td>
                <SafeText text={one.why} />
              </td>
              <td>{one.owner}</td>
              <td>
                {one.until}
                {one.expired && ' (expired)'}
              </td>
              <td>{one.uses} times</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
