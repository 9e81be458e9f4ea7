import { useEffect, useRef } from 'react';

/** One key, or two after each other (`g q`), and what it does. */
export interface KeyAction {
  readonly keys: string;
  readonly does: string;
  readonly run: () => void;
}

const offKey = 'portcullis.keys';

export const keysAreOn = (): boolean => localStorage.getItem(offKey) !== 'off';
export const switchKeys = (on: boolean): void => localStorage.setItem(offKey, on ? 'on' : 'off');

/** Every page's actions while it is shown, the newest first: a dialog's come before those of the page beneath. */
const layers: (() => readonly KeyAction[])[] = [];

export const activeKeys = (): readonly KeyAction[] => layers.flatMap((layer) => layer());

/** Actions by key while the component is shown; the latest closures are used without listening anew. */
export function useKeys(actions: readonly KeyAction[]): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const layer = () => latest.current;
    layers.unshift(layer);
    return () => void layers.splice(layers.indexOf(layer), 1);
  }, []);
}

/** Two keys after each other have to come within this time. */
const chordMs = 1_000;
let first: { readonly key: string; readonly at: number } | undefined;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  !(target instanceof HTMLInputElement && /^(?:checkbox|radio|button)$/.test(target.type));

const inOverlay = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('[role="dialog"],[role="menu"],[role="listbox"]') !== null;

/** Off inside inputs and with modifiers; Enter on a link or a button stays the browser's. */
function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!keysAreOn() || isTyping(event.target) || inOverlay(event.target)) return;
  if (event.key === 'Enter' && event.target instanceof Element && event.target.closest('a,button') !== null) return;
  const chord = first !== undefined && event.timeStamp - first.at < chordMs ? `${first.key} ${event.key}` : undefined;
  const actions = activeKeys();
  const action =
    actions.find(({ keys }) => keys === chord) ?? actions.find(({ keys }) => keys === event.key && chord === undefined);
  first = actions.some(({ keys }) => keys.startsWith(`${event.key} `))
    ? { key: event.key, at: event.timeStamp }
    : undefined;
  if (action === undefined) return;
  first = undefined;
  event.preventDefault();
  action.run();
}

export function listenToKeys(): () => void {
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}
