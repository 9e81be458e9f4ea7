import type { Service } from './service.js';

const atOnce = 6;
const pauseMs = 200;

/** Each event is sent until it is decided: a machine that is busy for a moment says 503, and the same event may come again. */
export async function signUpMany(service: Service, events: readonly object[]): Promise<void> {
  const left = [...events].reverse();
  const send = async (): Promise<void> => {
    for (let event = left.pop(); event !== undefined; event = left.pop()) await untilDecided(service, event);
  };
  await Promise.all(Array.from({ length: atOnce }, send));
}

async function untilDecided(service: Service, event: object): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const { status } = await service.call('POST', '/v1/evaluations', { body: event });
    if (status === 200) return;
    if (status !== 503 && status !== 409 && status !== 429) throw new Error(`an event was answered ${status}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new Error('an event was never decided');
}
