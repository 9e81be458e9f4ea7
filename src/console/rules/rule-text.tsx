import { EditorState, type Extension } from '@codemirror/state';
import { Decoration, EditorView, highlightSpecialChars, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { yamlMarks } from './yaml-marks.ts';

interface RuleTextProps {
  readonly file: string;
  readonly text: string;
  /** From one; marked, and in sight at once. */
  readonly line?: number | undefined;
}

/** One file as it was written; to read and to copy from, not to change. */
export default function RuleText({ file, text, line }: RuleTextProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const view = new EditorView({ parent: place.current, state: stateOf({ file, text, line }) });
    const here = positionOf(view.state, line);
    if (here !== undefined) view.dispatch({ effects: EditorView.scrollIntoView(here, { y: 'start', yMargin: 48 }) });
    return () => view.destroy();
  }, [file, text, line]);
  return <div ref={place} className="rule-text" />;
}

function stateOf({ file, text, line }: RuleTextProps): EditorState {
  const state = EditorState.create({ doc: text });
  const here = positionOf(state, line);
  const extensions: readonly Extension[] = [
    lineNumbers(),
    // What cannot be seen, or turns text around, is shown as a mark.
    highlightSpecialChars(),
    EditorState.readOnly.of(true),
    EditorView.cspNonce.of(styleNonce()),
    EditorView.contentAttributes.of({ 'aria-label': `Text of ${file}`, 'aria-readonly': 'true', tabindex: '0' }),
    ...(/\.ya?ml$/.test(file) ? [EditorView.decorations.of(yamlMarks(text))] : []),
    ...(here === undefined
      ? []
      : [EditorView.decorations.of(Decoration.set(Decoration.line({ class: 'line-here' }).range(here)))]),
  ];
  return EditorState.create({ doc: text, extensions });
}

const positionOf = (state: EditorState, line: number | undefined): number | undefined =>
  line === undefined || line < 1 || line > state.doc.lines ? undefined : state.doc.line(line).from;

/** The editor adds its styles while it runs; the page's policy lets it with this nonce alone. */
const styleNonce = (): string => document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
