import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Mount } from '../http-options.js';

/** One built file; see the adapter that reads them. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  readonly gzipped: Buffer;
}

/** Stands in the page where its style nonce goes. */
const nonceMark = '__STYLE_NONCE__';

/** Scripts from here only, nothing inline; styles inline only under the page's nonce, which the editor of rules needs. */
const policyWith = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const always = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
};

const methods = ['GET', 'HEAD'];

/** The console under its prefix: built files by name, and its page for every other path, which the page itself routes. */
export function createConsoleMount(files: ReadonlyMap<string, PageFile>): Mount {
  const page = files.get('index.html')?.body.toString('utf8');
  const mount: Mount = (request, response, next) => {
    if (!methods.includes(request.method ?? '')) return next();
    const path = (request.url ?? '/').split('?', 1)[0]?.slice(1) ?? '';
    const file = path === 'index.html' ? undefined : files.get(path);
    const zipped = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    if (file !== undefined) return sendFile(response, file, zipped);
    if (page === undefined || path.startsWith('assets/') || isMissingFile(path)) return next();
    sendPage(response, page);
  };
  return Object.assign(mount, { methods });
}

/** No page ends so: whoever asks for a script is not to be given HTML. */
const fileName =
  /\.(?:js|mjs|css|map|json|html?|txt|xml|svg|png|jpe?g|gif|webp|avif|ico|woff2?|ttf|otf|wasm|webmanifest|php)$/i;
const isMissingFile = (path: string): boolean => path !== 'index.html' && fileName.test(path);

/** Names hold a hash of the content: what has one never changes. */
function sendFile(response: ServerResponse, file: PageFile, zipped: boolean): void {
  const body = zipped ? file.gzipped : file.body;
  response.writeHead(200, {
    ...always,
    'Content-Type': file.type,
    'Cache-Control': 'public, max-age=31536000, immutable',
    'Content-Length': body.length,
    Vary: 'Accept-Encoding',
    ...(zipped ? { 'Content-Encoding': 'gzip' } : {}),
  });
  response.end(body);
}

function sendPage(response: ServerResponse, page: string): void {
  const nonce = randomBytes(16).toString('base64');
  const body = page.replaceAll(nonceMark, nonce);
  response.writeHead(200, {
    ...always,
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': policyWith(nonce),
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}
