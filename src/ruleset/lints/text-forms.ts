/** How the texts of a signal are written: a text of another form is never equal to them. */
export interface TextForm {
  readonly whole: RegExp;
  /** What can stand within them. */
  readonly part: RegExp;
  readonly words: string;
  /** What was probably meant. */
  readonly mend: (text: string) => string;
}

const small = (text: string): string => text.toLowerCase();

const smallLetters: TextForm = { whole: /^[^A-Z]*$/, part: /^[^A-Z]*$/, words: 'in small letters', mend: small };

const domain: TextForm = {
  whole: /^[a-z0-9._-]+$/,
  part: /^[a-z0-9._-]*$/,
  words: 'a domain in small letters, as it is registered',
  mend: (text) => small(text.trim().replace(/^.*[@/]/, '')),
};

const otherCountries: Readonly<Record<string, string>> = {
  UK: 'GB',
  EN: 'GB',
  GBR: 'GB',
  USA: 'US',
  GER: 'DE',
  DEU: 'DE',
};

const country: TextForm = {
  whole: /^(?!UK$|EN$)[A-Z]{2}$/,
  part: /^[A-Z]{0,2}$/,
  words: 'two capitals, as in ISO 3166-1',
  mend: (text) => otherCountries[text.toUpperCase()] ?? text.toUpperCase(),
};

const digits: TextForm = {
  whole: /^[0-9]{6,8}$/,
  part: /^[0-9]*$/,
  words: '6 to 8 digits',
  mend: (text) => text.replace(/[^0-9]/g, '').slice(0, 8),
};

const phone: TextForm = {
  whole: /^\+[0-9]*$/,
  part: /^\+?[0-9]*$/,
  words: 'a plus and digits',
  mend: (text) => `+${text.replace(/[^0-9]/g, '')}`,
};

const address: TextForm = {
  whole: /^[0-9a-f.:]+$/,
  part: /^[0-9a-f.:]*$/,
  words: 'one address',
  mend: (text) => small(text.replace(/\/.*$/, '')),
};

const addressPrefix: TextForm = {
  whole: /^[0-9a-f.:]+\/[0-9]+$/,
  part: /^[0-9a-f.:/]*$/,
  words: 'a prefix such as 192.0.2.0/24',
  mend: (text) => (/^[0-9.]+$/.test(text) ? `${text.split('.').slice(0, 3).join('.')}.0/24` : small(text)),
};

/** Signals whose texts all have a form, by name. */
export const textForms: ReadonlyMap<string, TextForm> = new Map([
  ['ip.address', address],
  ['ip.prefix', addressPrefix],
  ['ip.country', country],
  ['signup.country', country],
  ['phone.country', country],
  ['payment.country', country],
  ['account.declared_country', country],
  ['email.domain', domain],
  ['email.registrable_domain', domain],
  ['email.address', smallLetters],
  ['email.shape', smallLetters],
  ['email.style', smallLetters],
  ['payment.brand', smallLetters],
  ['payment.bin', digits],
  ['phone.number', phone],
  ['phone.prefix', phone],
]);

/** Signals that hold an address or a range of them. */
export const addressSignals: ReadonlySet<string> = new Set(['ip.address']);
