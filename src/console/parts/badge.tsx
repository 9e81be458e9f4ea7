/** Access and case states, by word and shape; colour only repeats it. */
const marks: Readonly<Record<string, string>> = {
  admitted: '✓',
  limited: '◐',
  held: '❚❚',
  denied: '✕',
  open: '○',
  claimed: '◉',
  snoozed: '☾',
  decided: '✓',
};

export function Badge({ state }: { readonly state: string }) {
  return (
    <span className={`badge badge-${state}`}>
      <span aria-hidden="true">{marks[state] ?? '•'}</span> {state}
    </span>
  );
}
