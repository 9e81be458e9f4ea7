import { z } from 'zod';
import type { FileEntry } from '../../evaluate/list-file-entries.js';
import type { KeptListEntry } from '../../lists/list-entries.js';
import { instantText } from '../../model/instant-text.js';
import { ok } from '../../model/result.js';
import { storableText } from '../../model/storable-text.js';
import { toIso } from '../../model/time.js';
import type { HttpServices } from '../http-services.js';
import { listEntryReply, listReply } from '../integration-schemas.js';
import { answer, bodyRoute, jsonBody, none, type Route, route } from '../route.js';
import { cursorThat, isIdOf, listOf, notACursor, pageQuery, reasonText } from '../schemas.js';

const access = ['author', 'senior'] as const;
const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/)
  .describe('Of the list.');
const listParams = z.strictObject({ name });
const text = z.string().max(512);
const entryParams = z.strictObject({ name, value: storableText(512).describe('As it was given, percent-encoded.') });

const entryBody = jsonBody(
  z.strictObject({
    value: text.min(1),
    reason: reasonText,
    expires_at: instantText.optional(),
  }),
  { example: { value: '203.0.113.0/24', reason: 'exit of the campaign of May', expires_at: '2027-01-01T00:00:00Z' } },
);

const isEntryId = isIdOf('lst');
const isLine = (text: string): boolean => /^\d{1,9}$/.test(text);

const entriesQuery = z
  .strictObject({
    from: z.enum(['service', 'file']).default('service'),
    limit: pageQuery.limit,
    cursor: cursorThat((text) => isEntryId(text) || isLine(text)),
  })
  // What was added goes by ids, the file by its lines.
  .refine(({ from, cursor }) => cursor === undefined || isLine(cursor) === (from === 'file'), {
    path: ['cursor'],
    message: notACursor,
  });

const isoOrNull = (at: number | null): string | null => (at === null ? null : toIso(at));

const addedJson = (entry: KeptListEntry) => ({
  id: entry.id,
  list: entry.list,
  value: entry.value,
  from: 'service',
  line: null,
  state: entry.state,
  reason: entry.reason,
  added_by: entry.addedBy,
  added_at: toIso(entry.addedAt),
  expires_at: isoOrNull(entry.expiresAt),
  confirmed_by: entry.confirmedBy,
  confirmed_at: isoOrNull(entry.confirmedAt),
});

const nobody = {
  reason: null,
  added_by: null,
  added_at: null,
  expires_at: null,
  confirmed_by: null,
  confirmed_at: null,
};

const fileJson = (list: string, { value, line }: FileEntry) => ({
  id: null,
  list,
  value,
  from: 'file',
  line,
  state: 'active',
  ...nobody,
});

const common = { tag: 'Lists', access } as const;

function readRoutes({ lists }: HttpServices): Route[] {
  const all = route(
    {
      ...common,
      method: 'get',
      path: '/v1/lists',
      id: 'listLists',
      summary: 'The lists that rules and signals read',
      params: none,
      query: none,
      replies: { 200: { description: 'All lists, on one page', schema: listOf(listReply) } },
    },
    async ({ now }) => {
      const found = await lists.all(now);
      const data = found.map(({ fourEyes, readBy, ...rest }) => ({ ...rest, four_eyes: fourEyes, read_by: readBy }));
      return answer({ data, next_cursor: null });
    },
  );
  const entries = route(
    {
      ...common,
      method: 'get',
      path: '/v1/lists/{name}/entries',
      id: 'listListEntries',
      summary: 'What was added to a list, newest first, or what its file says, in its order',
      params: listParams,
      query: entriesQuery,
      problems: ['not_found'],
      replies: { 200: { description: 'A page', schema: listOf(listEntryReply) } },
    },
    async ({ params, query, now }) => {
      const asked = { list: params.name, limit: query.limit, cursor: query.cursor, now };
      if (query.from === 'file') {
        const page = lists.ofFile(asked);
        if (!page.ok) return page;
        const { entries: found, nextCursor } = page.value;
        return answer({ data: found.map((entry) => fileJson(params.name, entry)), next_cursor: nextCursor });
      }
      const page = await lists.added(asked);
      return page.ok ? answer({ data: page.value.entries.map(addedJson), next_cursor: page.value.nextCursor }) : page;
    },
  );
  return [all, entries];
}

function add({ lists }: HttpServices): Route {
  return bodyRoute(
    {
      ...common,
      method: 'post',
      path: '/v1/lists/{name}/entries',
      id: 'addListEntry',
      summary: 'Add an entry beside the file; rules read it within 2 seconds',
      description:
        'On a list by which accounts are let through it waits (`pending`) until another key has confirmed it. The value is stored as it is given until the entry is removed or expires.',
      params: listParams,
      query: none,
      body: entryBody,
      problems: ['not_found', 'conflict'],
      replies: { 201: { description: 'The entry', schema: listEntryReply } },
    },
    async ({ params, body, actor, now }) => {
      const { value, reason, expires_at } = body;
      const expiresAt = expires_at === undefined ? null : Date.parse(expires_at);
      const added = await lists.add({ list: params.name, value, reason, expiresAt, actor, now });
      return added.ok ? ok({ status: 201, json: addedJson(added.value) }) : added;
    },
  );
}

function changeRoutes({ lists }: HttpServices): Route[] {
  const confirm = route(
    {
      ...common,
      method: 'post',
      path: '/v1/lists/{name}/entries/{value}/confirm',
      id: 'confirmListEntry',
      summary: 'Confirm what somebody else has added to a list by which accounts are let through',
      params: entryParams,
      query: none,
      problems: ['not_found', 'conflict'],
      replies: { 200: { description: 'The entry, in use', schema: listEntryReply } },
    },
    async ({ params, actor, now }) => {
      const confirmed = await lists.confirm(params.name, params.value, { actor, now });
      return confirmed.ok ? answer(addedJson(confirmed.value)) : confirmed;
    },
  );
  const remove = route(
    {
      ...common,
      method: 'delete',
      path: '/v1/lists/{name}/entries/{value}',
      id: 'removeListEntry',
      summary: 'Remove what was added; what the file says is removed there',
      params: entryParams,
      query: none,
      problems: ['not_found', 'conflict'],
      replies: { 204: { description: 'Removed' } },
    },
    async ({ params, actor, now }) => {
      const removed = await lists.remove(params.name, params.value, { actor, now });
      return removed.ok ? ok({ status: 204 }) : removed;
    },
  );
  return [confirm, remove];
}

export const listRoutes = (services: HttpServices): Route[] => [
  ...readRoutes(services),
  add(services),
  ...changeRoutes(services),
];
