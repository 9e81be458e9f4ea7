const doubtful = /[^\x21-\x7e]/;
/** What is not drawn, and control characters. */
const invisible = /[\p{Cc}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * A fingerprint of a device or a payment method without blanks at its ends and without what nobody sees: programs send it,
 * and never mean those, while who wants to look new each time would. Undefined where nothing is left.
 */
export function plainFingerprint(text: string): string | undefined {
  return doubtful.test(text) ? text.replace(invisible, '').trim() || undefined : text;
}
