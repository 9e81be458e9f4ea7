import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

export const rowNumber = (index: number): number => index + 2;

/**
 * The focus follows the row that keys went to: at once, or when it is drawn. Until then, and while the list is drawn anew
 * about it, the list as a whole has it.
 */
export function useRowFocus(frame: RefObject<HTMLElement | null>): (index: number) => void {
  const followed = useRef<number>(undefined);
  useEffect(() => {
    const list = frame.current;
    if (followed.current === undefined || list === null) return;
    const box = boxOf(list, followed.current);
    if (document.activeElement === list) box?.focus();
    // Somebody has gone elsewhere.
    else if (document.activeElement !== box) followed.current = undefined;
  });
  return (index) => {
    const list = frame.current;
    if (list === null) return;
    followed.current = index;
    const box = boxOf(list, index);
    if (box === null) list.focus({ preventScroll: true });
    else box.focus();
  };
}

const boxOf = (list: HTMLElement, index: number): HTMLElement | null =>
  list.querySelector(`tr[aria-rowindex="${rowNumber(index)}"] input`);

/** Gives the focus of a row that goes, out of sight or for good, to the list: nobody is thrown back to the top of the page. */
export function useFocusLeft(row: RefObject<HTMLElement | null>, list: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const going = row.current;
    return () => {
      if (going?.contains(document.activeElement)) list.current?.focus({ preventScroll: true });
    };
  }, [row, list]);
}
