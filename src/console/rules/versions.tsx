import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { call } from '../api/client.ts';
import { Empty, Shown } from '../parts/states.tsx';
import { When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';
import { may, useSession } from '../session/session.ts';
import { rulesetPath } from './kept-ruleset.ts';

const week = 168;

/** Rule sets that came into use of late, the newest first. */
export function Versions() {
  const now = useNow();
  const { role } = useSession();
  const overview = useQuery({
    queryKey: ['overview', week],
    queryFn: ({ signal }) => call('getOverview', { query: { hours: week }, signal }),
    staleTime: 60_000,
  });
  return (
    <section aria-labelledby="versions">
      <h2 id="versions">Versions of the last seven days</h2>
      <Shown what="the versions" query={overview}>
        {({ rulesets }) =>
          rulesets.length === 0 ? (
            <Empty>No other rule set came into use.</Empty>
          ) : (
            <ul>
              {rulesets
                .toSorted((a, b) => b.at.localeCompare(a.at))
                .map(({ hash, version, at }) => (
                  <li key={`${hash} ${at}`}>
                    {may(role, ['author']) ? <Link href={rulesetPath(hash)}>{version}</Link> : <code>{version}</code>},
                    in use since <When at={at} now={now} />
                  </li>
                ))}
            </ul>
          )
        }
      </Shown>
    </section>
  );
}
