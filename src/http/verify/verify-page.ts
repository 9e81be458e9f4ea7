import { createHash } from 'node:crypto';
import { maxAppealLength } from '../../cases/appeal.js';
import type { DeskMethod, DeskMethodState, DeskView } from '../../verification/verification-desk.js';
import { verifyStyle } from './verify-style.js';
import type { VerifyNotice, VerifyWords } from './verify-words.js';

interface VerifyPage {
  readonly words: VerifyWords;
  /** Undefined: the link opens nothing. */
  readonly view: DeskView | undefined;
  readonly formKey: string;
  readonly notice?: VerifyNotice | undefined;
}

const style = `'sha256-${createHash('sha256').update(verifyStyle).digest('base64')}'`;

/** No scripts, nothing from elsewhere, forms to here only; the referrer goes nowhere else, since the link is the key. */
export const verifyHeaders: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': `default-src 'none'; style-src ${style}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'X-Robots-Tag': 'noindex',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (one) => escapes[one] ?? '');

const good: ReadonlySet<VerifyNotice> = new Set(['code_sent', 'right', 'appealed']);

export function verifyPage(page: VerifyPage): string {
  const { words, view } = page;
  return `<!doctype html>
<html lang="${words.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(words.title)}</title><style>${verifyStyle}</style></head><body><main>
<h1>${escapeHtml(words.headings[view?.state ?? 'unknown'])}</h1>
${noticeHtml(page)}
<p>${escapeHtml(words.leads[leadOf(view)])}</p>
${view === undefined ? '' : stepsHtml(page, view) + appealHtml(page, view)}
</main></body></html>
`;
}

const toDo: ReadonlySet<DeskMethodState> = new Set(['here', 'there', 'again']);

function leadOf(view: DeskView | undefined): keyof VerifyWords['leads'] {
  if (view?.state !== 'held') return view?.state ?? 'unknown';
  return view.methods.some(({ state }) => toDo.has(state)) ? 'held' : 'heldDone';
}

function noticeHtml({ words, notice }: VerifyPage): string {
  if (notice === undefined) return '';
  const isGood = good.has(notice);
  return `<p class="notice ${isGood ? 'good' : 'bad'}" role="${isGood ? 'status' : 'alert'}">${escapeHtml(words.notices[notice])}</p>`;
}

function stepsHtml(page: VerifyPage, view: DeskView): string {
  if (view.methods.length === 0) return '';
  const items = view.methods.map((one) => stepHtml(page, view, one));
  return `<h2>${escapeHtml(page.words.stepsHeading)}</h2><ol class="steps">${items.join('')}</ol>`;
}

function stepHtml(page: VerifyPage, view: DeskView, { method, state, url }: DeskMethod): string {
  const { words } = page;
  const { name, ask } = words.methods[method];
  const head = `<h3>${escapeHtml(name)} <span class="state ${state}">${escapeHtml(words.states[state])}</span></h3>`;
  const body = state === 'passed' || state === 'spent' ? '' : `<p>${escapeHtml(ask)}</p>`;
  return `<li>${head}${body}${actionHtml(page, view, { method, state, url })}</li>`;
}

function actionHtml(page: VerifyPage, view: DeskView, { state, url }: DeskMethod): string {
  const { words } = page;
  if (state === 'there' && url !== undefined)
    return `<p><a class="button" href="${escapeHtml(url)}" rel="noreferrer">${escapeHtml(words.goOn)}</a></p>`;
  if (state !== 'here' || view.email === undefined) return '';
  const send = formHtml(
    page,
    'send',
    `<p>${escapeHtml(words.sendTo(view.email))}</p><button>${escapeHtml(words.sendCode)}</button>`,
  );
  const enter = formHtml(
    page,
    'code',
    `<label for="code">${escapeHtml(words.codeLabel)}</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="16" required aria-describedby="code-hint">
<p id="code-hint" class="hint">${escapeHtml(words.codeHint)}</p><button>${escapeHtml(words.enterCode)}</button>`,
  );
  return send + enter;
}

function appealHtml(page: VerifyPage, view: DeskView): string {
  const { words } = page;
  if (view.state === 'open') return '';
  const heading = `<h2>${escapeHtml(words.appealHeading)}</h2>`;
  if (view.appeal === 'received') return `${heading}<p>${escapeHtml(words.appealReceived)}</p>`;
  const form = formHtml(
    page,
    'appeal',
    `<label for="message">${escapeHtml(words.appealLabel)}</label>
<textarea id="message" name="message" rows="6" maxlength="${maxAppealLength}" required aria-describedby="message-hint"></textarea>
<p id="message-hint" class="hint">${escapeHtml(words.appealHint(maxAppealLength))}</p><button>${escapeHtml(words.sendAppeal)}</button>`,
  );
  return `${heading}<p>${escapeHtml(words.appealLead)}</p>${form}`;
}

/** To the page's own address, whatever that is. */
const formHtml = ({ formKey }: VerifyPage, step: string, inner: string): string =>
  `<form method="post"><input type="hidden" name="form_key" value="${escapeHtml(formKey)}"><input type="hidden" name="step" value="${step}">${inner}</form>`;
