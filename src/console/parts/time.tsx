const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
] as const;

/** `3 h`, `12 min`, `5 s`; the largest unit only. */
export function spanWords(ms: number): string {
  const unit = units.find((one) => Math.abs(ms) >= one.ms);
  return unit === undefined
    ? `${Math.max(0, Math.round(Math.abs(ms) / 1000))} s`
    : `${Math.floor(Math.abs(ms) / unit.ms)} ${unit.name}`;
}

interface WhenProps {
  readonly at: string;
  readonly now: number;
}

/** How long ago something happened; `now` may be older than it, and so may the clock of this machine. */
export const When = ({ at, now }: WhenProps) => <Time at={at} words={agoWords(now - Date.parse(at))} />;

/** What something waits for: in how long it is, or how long ago it was. */
export function Deadline({ at, now }: WhenProps) {
  const ms = now - Date.parse(at);
  return <Time at={at} words={ms < 0 ? `in ${spanWords(ms)}` : agoWords(ms)} />;
}

const agoWords = (ms: number): string => (ms < 1_000 ? 'just now' : `${spanWords(ms)} ago`);

/** The exact time on hover and for readers. */
const Time = ({ at, words }: { readonly at: string; readonly words: string }) => (
  <time dateTime={at} title={new Date(at).toLocaleString()}>
    {words}
  </time>
);
