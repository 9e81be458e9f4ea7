import type { SignalRecords } from './signal-record.js';

/** What the account was verified with, the latest of each kind: known from the verification, not from the event. */
export const verifiedSignals: SignalRecords<'verified'> = {
  'verified.phone': ({ account }) => account.evidence?.phone,
  'verified.document': ({ account }) => account.evidence?.document,
  'verified.email': ({ account }) => account.evidence?.email,
  'verified.payment': ({ account }) => account.evidence?.payment,
  'verified.business': ({ account }) => account.evidence?.business,
};
