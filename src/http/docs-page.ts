import type { OpenApiDocument, OpenApiOperation } from './openapi.js';

/** Nothing from elsewhere, nothing that runs: one style sheet, allowed by its hash. */
export const docsStyle = `
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{margin-top:2.5rem;border-bottom:1px solid #8886}
summary{cursor:pointer;padding:.4rem 0}code,pre{font:14px/1.4 ui-monospace,monospace}
pre{overflow:auto;padding:.8rem;border:1px solid #8886;border-radius:6px}
.method{display:inline-block;min-width:4.5rem;font-weight:700}
table{border-collapse:collapse;margin:.5rem 0}td,th{border:1px solid #8886;padding:.25rem .6rem;text-align:left;vertical-align:top}
`;

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const code = (text: string): string => `<code>${escapeHtml(text)}</code>`;
const pre = (value: unknown): string => `<pre>${escapeHtml(JSON.stringify(value, null, 2) ?? '')}</pre>`;

/** Back-ticks are the only mark-up that descriptions use. */
const prose = (text: string): string =>
  text
    .split('\n\n')
    .map((part) => `<p>${escapeHtml(part).replace(/`([^`]*)`/g, '<code>$1</code>')}</p>`)
    .join('');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  rows.length === 0
    ? ''
    : `<table><tr>${head.map((cell) => `<th>${cell}</th>`).join('')}</tr>${rows
        .map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`)
        .join('')}</table>`;

function operationHtml(path: string, method: string, operation: OpenApiOperation): string {
  const parameters = (operation.parameters ?? []).map((parameter) => [
    code(String(parameter.name)),
    escapeHtml(String(parameter.in)),
    parameter.required === true ? 'required' : 'optional',
    code(JSON.stringify(parameter.schema)),
  ]);
  const responses = Object.entries(operation.responses).map(([status, response]) => [
    escapeHtml(status),
    prose(String(response.description)),
  ]);
  return `<details id="${escapeHtml(operation.operationId)}"><summary><span class="method">${method.toUpperCase()}</span> ${code(path)} ${escapeHtml(operation.summary)}</summary>
${prose(operation.description ?? '')}
${table(['Parameter', 'In', '', 'Schema'], parameters)}
${operation.requestBody === undefined ? '' : `<h4>Body</h4>${pre(operation.requestBody.content)}`}
${table(['Status', 'Meaning'], responses)}</details>`;
}

function tagHtml(document: OpenApiDocument, tag: string): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags.includes(tag))
      .map(([method, operation]) => operationHtml(path, method, operation)),
  );
  return `<h2>${escapeHtml(tag)}</h2>${operations.join('\n')}`;
}

/** The OpenAPI document as a page to read. */
export function docsPage(document: OpenApiDocument): string {
  const schemas = Object.entries(document.components.schemas).map(
    ([name, schema]) =>
      `<details id="schema-${escapeHtml(name)}"><summary>${code(name)}</summary>${pre(schema)}</details>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Portcullis API</title>
<style>${docsStyle}</style></head><body>
<h1>Portcullis API</h1>
${prose(String(document.info.description))}
<p>Machine-readable: <a href="/openapi.json">OpenAPI 3.1</a>. Every error is <code>application/problem+json</code>.</p>
${document.tags.map(({ name }) => tagHtml(document, name)).join('\n')}
<h2>Schemas</h2>
${schemas.join('\n')}
</body></html>
`;
}
