/** Marks that change how text is read without being seen: shown by name, so that nobody is fooled by them. */
const hidden = /[\p{Cf}\p{Cc}\u115F\u1160\u17B4\u17B5\u3164\uFFA0]|\p{Variation_Selector}/u;
const split = new RegExp(`(${hidden.source})`, 'u');

const nameOf = (mark: string): string => `U+${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Longer text is cut; the whole of it is one click away. */
const maxShown = 200;

interface SafeTextProps {
  readonly text: string;
  /** Characters shown before the text is cut. */
  readonly limit?: number;
}

/** Whatever a stranger wrote: as text only, its direction kept to itself, hidden marks shown. */
export function SafeText({ text, limit = maxShown }: SafeTextProps) {
  const characters = [...text];
  if (characters.length <= limit) return <bdi className="safe-text">{pieces(text)}</bdi>;
  return (
    <details className="safe-text-long">
      <summary>
        <bdi className="safe-text">{pieces(characters.slice(0, limit).join(''))}</bdi>… ({characters.length} characters)
      </summary>
      <bdi className="safe-text">{pieces(text)}</bdi>
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

function pieces(text: string) {
  return text.split(split).map((piece, index) =>
    hidden.test(piece) ? (
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
