import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, call } from '../api/client.ts';
import { keysAreOn, switchKeys } from '../keyboard/keys.ts';
import { Shown } from '../parts/states.tsx';
import { useRuleset } from '../rules/rules-page.tsx';
import { may, useSession } from '../session/session.ts';

/** What this browser keeps for itself, and what the service says of itself. */
export default function SettingsPage() {
  const { key_id: keyId, role } = useSession();
  const [isOn, setOn] = useState(keysAreOn);
  const change = (on: boolean): void => {
    switchKeys(on);
    setOn(on);
  };
  return (
    <>
      <h1>Settings</h1>
      <h2>This browser</h2>
      <label className="check">
        <input type="checkbox" checked={isOn} onChange={(event) => change(event.target.checked)} /> Single keys do
        things (press <kbd>?</kbd> to see which)
      </label>
      <p className="hint">The theme is chosen at the top of each page. Both are kept in this browser.</p>
      <h2>You</h2>
      <dl className="inputs">
        <dt>Key</dt>
        <dd>
          <code>{keyId}</code>
        </dd>
        <dt>Role</dt>
        <dd>{role}</dd>
      </dl>
      <h2>The service</h2>
      <Readiness />
      {may(role, ['author', 'reviewer']) && <RulesInUse />}
      <p>
        <a href="/docs">What its API offers</a>
      </p>
    </>
  );
}

interface Health {
  readonly isReady: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

/** Not being ready is an answer here, and not a failure. */
async function askHealth(signal: AbortSignal): Promise<Health> {
  try {
    const { checks } = await call('ready', { signal });
    return { isReady: true, checks };
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 503) throw error;
    const { checks = {} } = error.problem as { readonly checks?: Readonly<Record<string, string>> };
    return { isReady: false, checks };
  }
}

function Readiness() {
  const health = useQuery({
    queryKey: ['ready'],
    queryFn: ({ signal }) => askHealth(signal),
    refetchInterval: 10_000,
  });
  return (
    <Shown what="what runs" query={health}>
      {({ isReady, checks }) => (
        <dl className="inputs">
          <dt>State</dt>
          <dd>{isReady ? 'ready' : 'not ready'}</dd>
          {Object.entries(checks).map(([name, state]) => (
            <div key={name} className="inputs-row">
              <dt>{name}</dt>
              <dd>{state}</dd>
            </div>
          ))}
        </dl>
      )}
    </Shown>
  );
}

function RulesInUse() {
  const ruleset = useRuleset();
  return (
    <Shown what="the rule set" query={ruleset}>
      {({ version, hash, rules }) => (
        <p>
          Rule set <code>{version}</code> with {rules} rules, <code className="secret">{hash}</code>
        </p>
      )}
    </Shown>
  );
}
