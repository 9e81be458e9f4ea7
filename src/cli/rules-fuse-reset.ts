import { z } from 'zod';
import { defineCommand, print, printJson, UsageError } from './command-arguments.js';
import { notOurs } from './kept-rule-set.js';
import { openServiceClient } from './service-client.js';

const usage = `usage: portcullis rules fuse reset ID [--json]

Lets a rule count again whose fuse has blown, on all instances of the running service (HOST, PORT).
Exit status: 0 when its fuse had blown, else 1.`;

const reset = z.object({ rule: z.string(), reset: z.boolean() });

/** `rules fuse reset` */
export const run = defineCommand({
  usage,
  takes: 'any',
  options: { json: { type: 'boolean' } },
  async run(args, environment) {
    const [id, ...rest] = args.positionals;
    if (id === undefined || rest.length > 0) throw new UsageError('name one rule: rules fuse reset ID');
    const client = await openServiceClient(environment);
    const body = await client.post(`/v1/rules/${encodeURIComponent(id)}/fuse/reset`);
    if (body === undefined) throw new UsageError(`the service at ${client.origin} has no rule '${id}'`);
    const parsed = reset.safeParse(body);
    if (!parsed.success) throw notOurs(client);
    const wasBlown = parsed.data.reset;
    if (args.flag('json')) printJson(parsed.data);
    else print(wasBlown ? `${id} counts again` : `the fuse of ${id} was whole`);
    return wasBlown ? 0 : 1;
  },
});
