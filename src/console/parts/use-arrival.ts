import { type RefObject, useEffect, useRef } from 'react';
import { useLocation } from 'wouter';

const contentId = 'main';

/**
 * Whoever goes to another page takes the focus along: what had it is gone, or belongs to the page before. The page that was
 * loaded begins where any does.
 */
export function useFocusAlong(): { readonly id: string; readonly ref: RefObject<HTMLElement | null> } {
  const content = useRef<HTMLElement>(null);
  const [path] = useLocation();
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    content.current?.focus();
  }, [path]);
  return { id: contentId, ref: content };
}

/** For the heading of a page whose content comes later: it takes the focus from the content as a whole, and readers say it. */
export function useArrival(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (document.activeElement?.id === contentId) heading.current?.focus();
  }, []);
  return heading;
}
