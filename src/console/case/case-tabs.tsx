import { Tabs } from 'radix-ui';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { CaseDetail } from '../api/types.ts';
import { Badge } from '../parts/badge.tsx';
import { KeyName } from '../parts/key-name.tsx';
import { CutText, SafeText } from '../parts/safe-text.tsx';
import { Empty } from '../parts/states.tsx';
import { TableHead } from '../parts/table-head.tsx';
import { When } from '../parts/time.tsx';
import { may, type Role, useSession } from '../session/session.ts';
import { ExplanationTab } from './explanation-tab.tsx';
import { RingTab } from './ring-tab.tsx';
import { Input } from './why.tsx';

interface TabProps {
  readonly found: CaseDetail;
  readonly now: number;
}

interface Tab {
  readonly id: string;
  readonly title: string;
  readonly body: (props: TabProps) => ReactNode;
  /** Who may read it, where not everybody who has cases may. */
  readonly roles?: readonly Role[];
}

/** The registry of tabs. */
const tabs: readonly Tab[] = [
  { id: 'signals', title: 'Signals', body: Signals },
  { id: 'explanation', title: 'Explanation', body: Explanation, roles: ['reviewer'] },
  { id: 'timeline', title: 'Timeline', body: Timeline },
  { id: 'ring', title: 'Ring', body: RingTab },
  { id: 'similar', title: 'Similar accounts', body: Similar },
  { id: 'raw', title: 'Raw', body: Raw },
];

export function CaseTabs(props: TabProps) {
  const { role } = useSession();
  const mine = tabs.filter(({ roles }) => roles === undefined || may(role, roles));
  return (
    <Tabs.Root defaultValue="signals" className="tabs">
      <Tabs.List aria-label="More about this case" className="tab-list">
        {mine.map(({ id, title }) => (
          <Tabs.Trigger key={id} value={id}>
            {title}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {mine.map(({ id, body: Body }) => (
        <Tabs.Content key={id} value={id}>
          <Body {...props} />
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}

function Explanation({ found }: TabProps) {
  return <ExplanationTab decisionId={found.decision_id} />;
}

function Signals({ found }: TabProps) {
  const record = found.decision_record;
  if (record === null) return <Empty>No decision stands behind this case.</Empty>;
  return (
    <>
      <h3>Features</h3>
      <Inputs values={record.features} none="No feature had a value." />
      <h3>Signals</h3>
      <Inputs values={record.signals} none="No signal had a value." />
    </>
  );
}

type Values = Readonly<Record<string, string | number | boolean>>;

function Inputs({ values, none }: { readonly values: Values; readonly none: string }) {
  const entries = Object.entries(values);
  if (entries.length === 0) return <Empty>{none}</Empty>;
  return (
    <dl className="inputs">
      {entries.map(([name, value]) => (
        <Input key={name} name={name} value={value} />
      ))}
    </dl>
  );
}

/** Details that people write, in lines of their own. */
const written: ReadonlySet<string> = new Set(['text', 'note']);

function Timeline({ found, now }: TabProps) {
  if (found.timeline.length === 0) return <Empty>Nothing has happened yet.</Empty>;
  return (
    <ol className="timeline">
      {found.timeline.map((entry) => (
        <li key={`${entry.at} ${entry.kind} ${entry.actor}`}>
          <When at={entry.at} now={now} /> <strong>{entry.kind.replaceAll('_', ' ')}</strong> by{' '}
          {entry.actor === null ? 'the service' : <KeyName id={entry.actor} />}
          {Object.entries(entry.detail)
            .filter(([, value]) => value !== null && value !== undefined)
            .map(([name, value]) => (
              <span key={name} className="detail">
                {name.replaceAll('_', ' ')}:{' '}
                <SafeText
                  text={typeof value === 'string' ? value : JSON.stringify(value)}
                  hasLines={written.has(name)}
                />
              </span>
            ))}
        </li>
      ))}
    </ol>
  );
}

const endWords = { approve: 'approved', reject: 'rejected' } as const;

function Similar({ found }: TabProps) {
  if (found.similar_accounts.length === 0) return <Empty>No other account of the same ring has had a case.</Empty>;
  return (
    <table>
      <TableHead columns={['Account', 'How it ended']} />
      <tbody>
        {found.similar_accounts.map((one) => (
          <tr key={one.case_id}>
            <td>
              <Link href={`/cases/${one.case_id}`}>
                <CutText text={one.account_id} limit={60} />
              </Link>
            </td>
            <td>
              <Badge state={one.state} />
              {one.decision !== null && <span className="ended-as">{endWords[one.decision]}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Raw({ found }: TabProps) {
  return (
    <section className="raw" aria-label="The case as the API gives it">
      <SafeText text={JSON.stringify(found, null, 2)} limit={20_000} hasLines />
    </section>
  );
}
