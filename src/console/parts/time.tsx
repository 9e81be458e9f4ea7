const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
] as const;

/** `3 h`, `12 min`, `now`; the largest unit only. */
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

/** How long ago, or until when; the exact time on hover and for readers. */
export function When({ at, now }: WhenProps) {
  const ms = now - Date.parse(at);
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {ms >= 0 ? `${spanWords(ms)} ago` : `in ${spanWords(ms)}`}
    </time>
  );
}
