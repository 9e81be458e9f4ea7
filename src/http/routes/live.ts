import { ok } from '../../model/result.js';
import type { HttpServices } from '../http-services.js';
import { none, type Route, route } from '../route.js';

/** Whoever hears none for some seconds knows that nothing follows any more: a service that hangs closes no connection. */
const beatMs = 4_000;

/** What open pages listen to. */
export const liveRoutes = ({ changes }: HttpServices): Route[] => [
  route(
    {
      method: 'get',
      path: '/v1/live',
      id: 'followChanges',
      tag: 'Console',
      summary: 'Server-sent events: what has changed',
      description:
        'Each `changed` event is `{"topics": ["case", …], "cases": ["case_…"] or null}`: what to ask for again. A `beat` comes every four seconds: after three without one nothing is followed any more. Nothing is kept: after a pause ask for everything anew.',
      access: ['worker', 'reviewer', 'author', 'privacy'],
      params: none,
      query: none,
      frequent: true,
      replies: { 200: { description: 'Events until either side ends it', mediaType: 'text/event-stream' } },
    },
    () =>
      ok({
        status: 200,
        stream: (write) => {
          // Headers leave with the first bytes; `hello` only once nothing can be missed any more.
          write('retry: 2000\n\n');
          const stop = changes.subscribe({
            ready: () => write('event: hello\ndata: {}\n\n'),
            changed: (one) => write(`event: changed\ndata: ${JSON.stringify(one)}\n\n`),
          });
          const beat = setInterval(() => write('event: beat\ndata: {}\n\n'), beatMs);
          return () => {
            clearInterval(beat);
            stop();
          };
        },
      }),
  ),
];
