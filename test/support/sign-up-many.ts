import type { Service } from './service.js';

const atOnce = 6;

/** Each event is sent until it is decided. */
export async function signUpMany(service: Service, events: readonly object[]): Promise<void> {
  const left = [...events].reverse();
  const send = async (): Promise<void> => {
    for (let event = left.pop(); event !== undefined; event = left.pop()) await service.evaluate(event);
  };
  await Promise.all(Array.from({ length: atOnce }, send));
}
