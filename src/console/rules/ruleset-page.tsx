import { lazy, Suspense } from 'react';
import { Link, useParams, useSearchParams } from 'wouter';
import type { KeptRuleset } from '../api/types.ts';
import { Empty, Loading, Shown } from '../parts/states.tsx';
import { When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';
import { rulesetPath, useKeptRuleset } from './kept-ruleset.ts';

const RuleText = lazy(() => import('./rule-text.tsx'));

/** The files of one version, as they were when it decided. */
export default function RulesetPage() {
  const { hash = '' } = useParams<{ hash: string }>();
  const kept = useKeptRuleset(decodeURIComponent(hash));
  return (
    <>
      <h1>Rule set</h1>
      <Shown what="the rule set" query={kept}>
        {(found) =>
          found === null ? (
            <Empty>
              No rule set <code>{hash}</code> is kept here: a set is kept from its first decision on.
            </Empty>
          ) : (
            <Files kept={found} />
          )
        }
      </Shown>
    </>
  );
}

function Files({ kept }: { readonly kept: KeptRuleset }) {
  const now = useNow();
  const [search, setSearch] = useSearchParams();
  const names = Object.keys(kept.files).sort();
  const file = names.find((name) => name === search.get('file')) ?? names[0] ?? '';
  const line = Number(search.get('line') ?? 0);
  return (
    <>
      <p>
        Version <code>{kept.version}</code>, first used <When at={kept.first_used_at} now={now} />, last{' '}
        <When at={kept.last_used_at} now={now} />. <Link href={`${rulesetPath(kept.hash)}/change`}>Try a change</Link>
      </p>
      <p>
        <label htmlFor="file">File</label>{' '}
        <select id="file" value={file} onChange={(event) => setSearch({ file: event.target.value })}>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </p>
      <Suspense fallback={<Loading what="the text" />}>
        <RuleText file={file} text={kept.files[file] ?? ''} line={line > 0 ? line : undefined} />
      </Suspense>
    </>
  );
}
