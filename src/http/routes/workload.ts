import type { HttpServices } from '../http-services.js';
import { workloadJson, workloadReply } from '../queue-json.js';
import { answer, none, type Route, route } from '../route.js';

/** How much waits, for how long, and how fast it is worked off. */
export const workloadRoutes = ({ queue }: HttpServices): Route[] => [
  route(
    {
      method: 'get',
      path: '/v1/workload',
      id: 'getWorkload',
      tag: 'Cases',
      summary: 'How much waits in the queue, and how fast it is decided',
      description: "`mine` is the caller's as of now; the other figures may be three seconds old.",
      access: ['worker', 'reviewer'],
      params: none,
      query: none,
      replies: { 200: { description: 'The figures', schema: workloadReply } },
    },
    async ({ actor, now }) => answer(workloadJson(await queue.workload(actor, now), now)),
  ),
];
