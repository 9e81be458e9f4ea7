/** All of a row but its number, the same text on every version and client: jsonb is written in one way only. */
export const auditText = (row: string): string =>
  `jsonb_build_array(to_char(${row}.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), ${row}.actor, ${row}.kind,
    ${row}.subject, ${row}.detail)::text`;
