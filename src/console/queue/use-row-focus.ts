import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

export const rowNumber = (index: number): number => index + 2;

/** The focus follows the row that keys went to: at once, or when it is drawn. Until then the list as a whole has it. */
export function useRowFocus(frame: RefObject<HTMLElement | null>): (index: number) => void {
  const awaited = useRef<number>(undefined);
  useEffect(() => {
    const list = frame.current;
    if (awaited.current === undefined || list === null) return;
    const hasGoneOn = document.activeElement !== list;
    if (hasGoneOn || focusDrawn(list, awaited.current)) awaited.current = undefined;
  });
  return (index) => {
    const list = frame.current;
    if (list === null || focusDrawn(list, index)) return;
    awaited.current = index;
    list.focus({ preventScroll: true });
  };
}

function focusDrawn(list: HTMLElement, index: number): boolean {
  const box = list.querySelector<HTMLElement>(`tr[aria-rowindex="${rowNumber(index)}"] input`);
  box?.focus();
  return box !== null;
}

/** Gives the focus of a row that goes, out of sight or for good, to the list: nobody is thrown back to the top of the page. */
export function useFocusLeft(row: RefObject<HTMLElement | null>, list: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const going = row.current;
    return () => {
      if (going?.contains(document.activeElement)) list.current?.focus({ preventScroll: true });
    };
  }, [row, list]);
}
