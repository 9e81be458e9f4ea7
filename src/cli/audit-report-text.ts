import type { AuditReport } from '../audit/verify-audit.js';

/** For people. */
export function auditReportText(report: AuditReport): string {
  const { ok, rows, sealed, unsealed, erased, erasures, head, comparedWith, problems, truncated } = report;
  const lines = [
    `${rows} rows: ${sealed} sealed, ${unsealed} younger than the last sealing`,
    ...(erased === 0 ? [] : [`${erased} erased, as told by row ${erasures.map(({ by }) => by).join(', ')}`]),
    ...problems.map(({ seq, kind, detail }) => `${kind.padEnd(8)}  ${seq === null ? '' : `row ${seq}: `}${detail}`),
    ...(truncated ? ['… and more'] : []),
    head === null ? 'nothing is sealed yet' : `head ${head}`,
    comparedWith.length === 0
      ? 'no head was noted anywhere'
      : `compared with what was noted in ${comparedWith.join(', ')}`,
    ok ? 'ok' : `${problems.length}${truncated ? ' or more' : ''} problems`,
  ];
  return lines.join('\n');
}
