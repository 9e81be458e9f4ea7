/** Services where anyone reads a mailbox without an account. */
export const throwAwayMail: readonly string[] = [
  'mailinator.com',
  'guerrillamail.com',
  'yopmail.com',
  'temp-mail.org',
  '10minutemail.com',
  'maildrop.cc',
  'moakt.com',
  'mail.tm',
];
