const commonWords = new Set(
  'and bank college company corp corporation global gmbh group holding holdings international labs limited llc services software solutions studio systems tech technologies technology the university'.split(
    ' ',
  ),
);

/** The organization's distinctive words against the registrable domain's first label. */
export function matchesOrganization(organization: string, registrable: string): boolean {
  const label = (registrable.split('.')[0] ?? '').replace(/[^a-z0-9]/g, '');
  const words = organization
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !commonWords.has(word));
  if (label.length < 3 || words.length === 0) return false;
  return words.join('').startsWith(label) || words.some((word) => word.length >= 4 && label.includes(word));
}
