import type { SubjectRecord, SubjectSection } from '../accounts/subjects.js';

/** The record as one JSON object, a piece for each page: no more of it is held than that. */
export async function* subjectJson(record: SubjectRecord, exportedAt: string): AsyncGenerator<string> {
  const { accountId, memory, sections } = record;
  yield JSON.stringify({ account_id: accountId, exported_at: exportedAt, memory }).slice(0, -1);
  for (const section of sections) yield* sectionJson(section);
  yield '}';
}

async function* sectionJson({ name, pages }: SubjectSection): AsyncGenerator<string> {
  yield `,${JSON.stringify(name)}:[`;
  let isFirst = true;
  for await (const rows of pages) {
    if (rows.length === 0) continue;
    yield `${isFirst ? '' : ','}${rows.map((row) => JSON.stringify(row)).join(',')}`;
    isFirst = false;
  }
  yield ']';
}
