import { useEffect, useLayoutEffect } from 'react';

/** What is shown, for tabs, histories and readers. */
export function useTitle(title: string): void {
  useEffect(() => nameDocument(title), [title]);
}

/** Of a kind of page: said first, so that what a page says of itself by `useTitle` stands. */
export function useTitleOfKind(title: string): void {
  useLayoutEffect(() => nameDocument(title), [title]);
}

function nameDocument(title: string): void {
  document.title = `${title} – Portcullis`;
}
