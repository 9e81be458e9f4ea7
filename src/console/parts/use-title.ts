import { useEffect } from 'react';

/** What is shown, for tabs, histories and readers. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Portcullis`;
  }, [title]);
}
