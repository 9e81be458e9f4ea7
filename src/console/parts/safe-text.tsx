/** Marks that change how text is read without being seen: shown by name, so that nobody is fooled by them. */
const hidden = /[\p{Cf}\p{Cc}\u115F\u1160\u17B4\u17B5\u3164\uFFA0]|\p{Variation_Selector}/u;
const split = new RegExp(`(${hidden.source})`, 'u');
/** The same in text that has lines: a break and a tab are seen for what they are. */
const splitLines = new RegExp(`(?!\\n|\\t|\\r\\n)(${hidden.source})`, 'u');

const nameOf = (mark: string): string => `U+${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Longer text is cut; the whole of it is one click away. */
const maxShown = 200;

interface SafeTextProps {
  readonly text: string;
  /** Characters shown before the text is cut. */
  readonly limit?: number;
}

interface LongTextProps extends SafeTextProps {
  /** Breaks and tabs are shown as such; in a name they are marks, as it could pass for two. */
  readonly hasLines?: boolean;
}

/** Whatever a stranger wrote: as text only, its direction kept to itself, hidden marks shown. */
export function SafeText({ text, limit = maxShown, hasLines = false }: LongTextProps) {
  const characters = [...text];
  const className = hasLines ? 'safe-text safe-text-lines' : 'safe-text';
  const show = (shown: string) => <bdi className={className}>{pieces(shown, hasLines ? splitLines : split)}</bdi>;
  if (characters.length <= limit) return show(text);
  return (
    <details className="safe-text-long">
      <summary>
        {show(characters.slice(0, limit).join(''))}… ({characters.length} characters)
      </summary>
      {show(text)}
    </details>
  );
}

/** Cut for good, where nothing can be opened: in a link, in what opens something itself. */
export function CutText({ text, limit = maxShown }: SafeTextProps) {
  const characters = [...text];
  const shown = characters.length <= limit ? text : `${characters.slice(0, limit).join('')}…`;
  return <bdi className="safe-text">{pieces(shown)}</bdi>;
}

/** The same where only plain text can stand: in a choice, a label, a picture. */
export function spelledOut(text: string, limit = maxShown): string {
  const characters = [...text];
  const shown = characters.length <= limit ? text : `${characters.slice(0, limit).join('')}…`;
  return shown
    .split(split)
    .map((piece) => (hidden.test(piece) ? nameOf(piece) : piece))
    .join('');
}

/** Every second piece is a mark. */
function pieces(text: string, at = split) {
  return text.split(at).map((piece, index) =>
    index % 2 === 1 ? (
      // Pieces have no identity beyond their place.
      // biome-ignore lint/suspicious/noArrayIndexKey: they never move
      <span key={index} className="hidden-mark" title="a mark that cannot be seen">
        {nameOf(piece)}
      </span>
    ) : (
      piece
    ),
  );
}
