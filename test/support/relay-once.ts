import { type RelayOptions, type RelayPorts, relayLane } from '../../src/workers/relay.js';

/** Delivers one batch of each lane; true when there may be more. */
export async function relayOnce(ports: RelayPorts, options: RelayOptions = {}): Promise<boolean> {
  const more = await Promise.all(
    (['tightening', 'access', 'others'] as const).map((lane) => relayLane(lane, ports, options)),
  );
  return more.includes(true);
}
