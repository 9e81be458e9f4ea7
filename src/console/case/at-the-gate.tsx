import type { Access, CaseDetail } from '../api/types.ts';
import { KeyName } from '../parts/key-name.tsx';

/** What the gate does now, in words: its own state, whatever was decided; then what became of the case. */
export function AtTheGate({ found }: { readonly found: CaseDetail }) {
  return (
    <>
      {found.whole_ring ? membersWords(found) : accountWords(found.access)} <Ended found={found} />
    </>
  );
}

function accountWords(access: Access | null): string {
  switch (access?.state) {
    case 'admitted':
      return 'This account may use the API.';
    case 'limited':
      return `This account may use the API${quotaWords(access)}: it is limited.`;
    case 'held':
    case 'denied':
      return `This account cannot use the API: it is ${access.state}.`;
    case undefined:
      return 'The gate does not know this account, and does not let it in.';
  }
}

const quotaWords = ({ limits }: Access): string =>
  limits === undefined ? ' within a quota' : `, ${limits.requests_per_day.toLocaleString('en')} requests a day`;

/** The case names some of the members only; of the others it knows nothing. */
function membersWords({ members, ring }: CaseDetail): string {
  const named = members.length;
  if (named === 0) return 'What the gate does with the accounts of this ring is not known here.';
  const states = [...new Set(members.map(({ state }) => state))].map((state) => {
    const count = members.filter((one) => one.state === state).length;
    return `${count} ${count === 1 ? 'is' : 'are'} ${state}`;
  });
  const isWhole = ring?.size === named;
  return `Of the ${named} accounts of this ring that this case names, ${states.join(', ')}${
    isWhole ? '' : '; of the others it is not known here'
  }.`;
}

function Ended({ found }: { readonly found: CaseDetail }) {
  if (found.state !== 'decided') return <>Its case was opened {new Date(found.opened_at).toLocaleString()}.</>;
  if (found.decision === null) return 'Its case went on as the case of its ring.';
  const by = <Decider by={found.decided_by} />;
  if (found.decision === 'reject') return <>Its case was rejected by {by}.</>;
  return (
    <>
      Its case was approved by {by}
      {found.effective_at !== null && `, with effect from ${new Date(found.effective_at).toLocaleTimeString()}`}.
    </>
  );
}

export const Decider = ({ by }: { readonly by: string | null }) => (by === null ? 'nobody named' : <KeyName id={by} />);
