/** Text that JSON writes as it is, between quotes. */
const needsNoEscape = /^[ !#-[\]-~]*$/;

export const textJson = (text: string): string => (needsNoEscape.test(text) ? `"${text}"` : JSON.stringify(text));

function listJson(values: readonly unknown[]): string {
  let text = '';
  for (const value of values) text += `${text === '' ? '' : ','}${canonicalJson(value)}`;
  return `[${text}]`;
}

/** The same text for the same JSON value, whatever the order of its keys; absent members are left out. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return textJson(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return listJson(value);
  // A loop, not a chain of arrays: this runs over every event.
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const member: unknown = Reflect.get(value, key);
    if (member !== undefined) text += `${text === '' ? '' : ','}${textJson(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}
