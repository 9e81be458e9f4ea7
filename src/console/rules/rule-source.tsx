import { lazy, Suspense } from 'react';
import { Link } from 'wouter';
import type { Rule } from '../api/types.ts';
import { Empty, Loading, Shown } from '../parts/states.tsx';
import { rulesetPath, useKeptRuleset } from './kept-ruleset.ts';
import { useRuleset } from './rules-page.tsx';

const RuleText = lazy(() => import('./rule-text.tsx'));

/** The file that it is written in, with its tests, as the version in use has it. */
export function RuleSource({ rule }: { readonly rule: Rule }) {
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
