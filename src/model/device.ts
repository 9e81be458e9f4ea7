import type { Event } from './event.js';

type Device = NonNullable<Event['device']>;

/** Does it say anything besides the handshake, which a gateway sees of every connection? */
export function isDescribed(device: Readonly<Record<string, unknown>>): boolean {
  for (const name in device) if (name !== 'ja4' && device[name] !== undefined) return true;
  return false;
}

/**
 * The device with this handshake, or with none. Written out, so that every such object has the same parts in the same order:
 * copies by spreading get a hidden class each, and all signals read them.
 */
export const withHandshake = (device: Device | undefined, ja4: string | undefined): Device =>
  ({
    fingerprint: device?.fingerprint,
    confidence: device?.confidence,
    platform: device?.platform,
    timezone: device?.timezone,
    languages: device?.languages,
    screen: device?.screen,
    gpu: device?.gpu,
    webdriver: device?.webdriver,
    touch: device?.touch,
    client_hints: device?.client_hints,
    ja4,
    form_ms: device?.form_ms,
  }) satisfies { readonly [part in keyof Required<Device>]: Device[part] };
