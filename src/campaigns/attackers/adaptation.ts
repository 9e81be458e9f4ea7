import type { StylePart } from './draw-style.js';

/** Which part of a style each family of reasons looks at. */
const partsOfFamily: Readonly<Record<string, readonly StylePart[]>> = {
  network: ['exits'],
  device: ['devices'],
  email: ['mail'],
  phone: ['phones'],
  payment: ['cards'],
  velocity: ['time', 'exits'],
  ring: ['cards', 'devices'],
  identity: ['paths'],
  usage: ['usage'],
  list: ['exits', 'mail'],
};

/** A part is changed when its evidence stood in this share of the holds. */
const noticedShare = 0.25;

/** What held attackers see of a round: which kinds of evidence stood in the decisions that held them. */
export class HeldReasons {
  #holds = 0;
  readonly #byPart = new Map<StylePart, number>();

  /** Reason codes of one decision that held a fraudulent account. */
  add(reasons: readonly string[]): void {
    this.#holds++;
    const parts = new Set(reasons.flatMap((code) => partsOfFamily[code.split('.')[0] ?? ''] ?? []));
    for (const part of parts) this.#byPart.set(part, (this.#byPart.get(part) ?? 0) + 1);
  }

  /** What attackers change for the next round. */
  changed(): readonly StylePart[] {
    return [...this.#byPart]
      .filter(([, count]) => count >= this.#holds * noticedShare)
      .map(([part]) => part)
      .sort();
  }
}
