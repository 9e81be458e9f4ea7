import type { VerificationMethod } from '../../model/rule.js';
import type { DeskMethodState } from '../../verification/verification-desk.js';

export const verifyNotices = [
  'code_sent',
  'too_many',
  'not_sent',
  'wrong',
  'used_up',
  'none',
  'right',
  'appealed',
  'appeal_refused',
  'appeal_card_number',
  'appeal_empty',
  'appeal_unreadable',
  'slow_down',
  'stale_form',
  'not_asked',
] as const;
export type VerifyNotice = (typeof verifyNotices)[number];

/** Everything that the page says, in one language. */
export interface VerifyWords {
  readonly language: string;
  readonly title: string;
  readonly headings: Readonly<Record<'open' | 'held' | 'denied' | 'unknown', string>>;
  readonly leads: Readonly<Record<'open' | 'held' | 'heldDone' | 'denied' | 'unknown', string>>;
  readonly methods: Readonly<Record<VerificationMethod, { readonly name: string; readonly ask: string }>>;
  readonly states: Readonly<Record<DeskMethodState, string>>;
  readonly stepsHeading: string;
  readonly goOn: string;
  readonly sendTo: (address: string) => string;
  readonly sendCode: string;
  readonly codeLabel: string;
  readonly codeHint: string;
  readonly enterCode: string;
  readonly appealHeading: string;
  readonly appealLead: string;
  readonly appealLabel: string;
  readonly appealHint: (characters: number) => string;
  readonly sendAppeal: string;
  readonly appealReceived: string;
  readonly notices: Readonly<Record<VerifyNotice, string>>;
  /** All that is said to what could not be read as a form. */
  readonly refusals: Readonly<Record<'no_form' | 'too_long' | 'too_slow', string>>;
  readonly mail: (code: string) => { readonly subject: string; readonly text: string };
}

/** Plain, and the same for everybody: nothing here tells why an account is held, or what would be enough elsewhere. */
export const english: VerifyWords = {
  language: 'en',
  title: 'Verify your account',
  headings: {
    open: 'Your account is open',
    held: 'Please verify your account',
    denied: 'Your account was not approved',
    unknown: 'This link does not work',
  },
  leads: {
    open: 'There is nothing left to do. You can close this page.',
    held: 'Before you can use your account we ask you to complete the steps below.',
    heldDone: 'Thank you. We have what we need from you for now, and a person will look at your account.',
    denied: 'We could not approve this account. If you think that is a mistake, ask for another look below.',
    unknown: 'It may be too old, or a part of it is missing. Please ask for a new link where you signed up.',
  },
  methods: {
    email: { name: 'E-mail', ask: 'Confirm that your e-mail address is yours with a code that we send to it.' },
    phone: { name: 'Phone', ask: 'Confirm a phone number that you can be reached at.' },
    payment: { name: 'Payment method', ask: 'Confirm that the payment method is yours.' },
    document: { name: 'Identity document', ask: 'Show an identity document.' },
    business: { name: 'Business', ask: 'Show that you act for the business that you named.' },
  },
  states: {
    here: 'To do',
    there: 'To do',
    waiting: 'We will contact you',
    passed: 'Done',
    again: 'That did not work; you can try again here in about a minute',
    spent: 'Nothing left to do here; a person will look at it',
  },
  stepsHeading: 'Steps',
  goOn: 'Go on to this step',
  sendTo: (address) => `We send six digits to ${address}. They are good for ten minutes.`,
  sendCode: 'Send the code',
  codeLabel: 'Code from the e-mail',
  codeHint: 'Six digits. Look among unwanted mail too.',
  enterCode: 'Confirm',
  appealHeading: 'Ask for another look',
  appealLead: 'Another person will look at your account. You can ask once in 30 days.',
  appealLabel: 'What should we know?',
  appealHint: (characters) => `At most ${characters} characters. Please leave out card and document numbers.`,
  sendAppeal: 'Send',
  appealReceived: 'We have received your message. A person will look at it.',
  notices: {
    code_sent: 'The code is on its way.',
    too_many: 'We have sent several codes already. Please try again in an hour.',
    not_sent: 'The e-mail could not be sent. Please try again in a few minutes.',
    wrong: 'That is not the code. Please look again.',
    used_up: 'That was not the code, and it cannot be used any more. Please have a new one sent.',
    none: 'This code is not valid any more. Please have a new one sent.',
    right: 'Thank you, your e-mail address is confirmed.',
    appealed: 'Thank you, your message has arrived.',
    appeal_refused: 'This cannot be asked for now.',
    appeal_card_number: 'This looks like a card number. Please write it again without one.',
    appeal_empty: 'Please write something first.',
    appeal_unreadable: 'The message has characters that we cannot keep. Please write it without them.',
    slow_down: 'That was a little fast. Please wait a minute.',
    stale_form: 'The form was too old. Please try again.',
    not_asked: 'This step is not open.',
  },
  refusals: {
    no_form: 'Please use the form on the page.',
    too_long: 'What you sent is too long. Please go back and shorten it.',
    too_slow: 'What you sent did not arrive in time. Please go back and send it again.',
  },
  mail: (code) => ({
    subject: `Your code is ${code}`,
    text: `Your code is ${code}\n\nEnter it on the page where you asked for it, within ten minutes.\nNobody will ever ask you for this code by phone or chat.\nIf you did not ask for it, you need not do anything.\n`,
  }),
};
