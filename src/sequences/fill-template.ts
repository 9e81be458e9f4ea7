/** `{n}`, `{n+10}`, `{n:03}`, `{n+10:03}`. */
const counter = /\{n(?:\+(\d{1,9}))?(?::0(\d))?\}/g;
/** `{one|two|three}`: one after the other, over and over. */
const choice = /\{([^{}|]*(?:\|[^{}|]*)+)\}/g;

/** A text with the number of the repetition in it, counted from 1. */
export function fillTemplate(text: string, n: number): string {
  if (!text.includes('{')) return text;
  return text
    .replace(counter, (_, plus = '0', width = '0') => String(n + Number(plus)).padStart(Number(width), '0'))
    .replace(choice, (_, choices: string) => {
      const all = choices.split('|');
      return all[(n - 1) % all.length] ?? '';
    });
}
