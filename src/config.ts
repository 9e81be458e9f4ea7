import { z } from 'zod';
import { parseIpAddress } from './model/ip-address.js';
import { type Environment, usualFolders } from './tool-config.js';

const emptyIsAbsent = (value: unknown): unknown => (value === '' ? undefined : value);
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(emptyIsAbsent, schema.optional());
const withDefault = <T extends z.ZodType>(schema: T, fallback: z.input<T>) =>
  z.preprocess((value) => emptyIsAbsent(value) ?? fallback, schema);

const oneOf = <const T extends readonly string[]>(words: T) => z.enum(words, `expected one of ${words.join(', ')}`);

const portFrom = (least: number) =>
  z
    .string()
    .refine(
      (text) => /^\d{1,5}$/.test(text) && Number(text) >= least && Number(text) <= 65_535,
      `expected a port number from ${least} to 65535`,
    )
    .transform(Number);
/** 0 takes a free one. */
const port = portFrom(0);
/** What is after the slash is the number of a database; the client would take anything, and `?db=` beside it. */
function hasDatabaseNumber(url: string): boolean {
  const { pathname, searchParams } = new URL(url);
  return /^(\/\d{0,9})?$/.test(pathname) && !searchParams.has('db');
}

const redisUrl = z
  .url({ protocol: /^rediss?$/, abort: true, error: 'expected redis://host:port or rediss://…' })
  .refine(hasDatabaseNumber, 'expected the number of a database after the slash, or nothing: redis://host:port/0');
const databaseUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'expected postgres://user:password@host:port/database',
});
const node = /^(?:(rediss?):\/\/(?:([^:@/,\s]*):([^@/,\s]*)@)?)?(\[[0-9a-fA-F:]+\]|[^:@/,\s]+):(\d{1,5})\/?$/;

/** As in any URL, signs that mean something in one are written as %XX. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readNode(part: string) {
  const [, scheme, username, password, host = '', port] = node.exec(part) ?? [];
  return {
    host,
    port: Number(port),
    ...(username ? { username: decoded(username) } : {}),
    ...(password ? { password: decoded(password) } : {}),
    ...(scheme === 'rediss' ? { tls: true } : {}),
  };
}

type ClusterNode = ReturnType<typeof readNode>;
const entrance = ({ username, password, tls }: ClusterNode): string => JSON.stringify([username, password, tls]);

/** Nodes tell of others by host and port only: whoever may come in at one has to come in the same way at all. */
const clusterNodes = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine(
    (parts) => parts.every((part) => portFrom(1).safeParse(node.exec(part)?.[5]).success),
    'expected host:port,host:port,… with ports from 1 to 65535, or redis://user:password@host:port,… or rediss://…',
  )
  .transform((parts) => parts.map(readNode))
  .refine(
    (nodes) => new Set(nodes.map(entrance)).size === 1,
    'expected the same user and password for all nodes, and redis:// or rediss:// for all',
  );

const webAddress = z.url({ protocol: /^https?$/, abort: true, error: 'expected an http or https address' });

/** A request cannot carry them in its address. */
const hasNoPassword = (url: string): boolean => {
  const { username, password } = new URL(url);
  return username === '' && password === '';
};

const providerAddress = webAddress.refine(hasNoPassword, 'expected an address without user and password');

/** Links begin with it: what is after `?` or `#` would be in the middle of them. */
const publicAddress = webAddress.refine(
  (url) => hasNoPassword(url) && !/[?#]/.test(url),
  'expected an address without user, password, ? and #',
);

const methodAddress = /^(payment|phone|document|business|email)=([^\s,]+)$/;
const methodOf = (part: string): string => methodAddress.exec(part)?.[1] ?? '';
const addressOf = (part: string): string => methodAddress.exec(part)?.[2] ?? '';

const methodAddresses = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine(
    (parts) => parts.every((part) => providerAddress.safeParse(addressOf(part)).success),
    'expected phone=https://…,document=https://…, without user and password',
  )
  .refine((parts) => new Set(parts.map(methodOf)).size === parts.length, 'expected each method once')
  .transform((parts) => new Map(parts.map((part) => [methodOf(part), addressOf(part)])));

const mailServerForm = 'expected smtp://host:port or smtps://host:port';
const mailServer = z
  .url({ protocol: /^smtps?$/, abort: true, error: mailServerForm })
  .refine((url) => new URL(url).hostname !== '', mailServerForm);

const processRoles = ['api', 'workers'] as const;

const roleList = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(z.enum(processRoles, `expected a list of ${processRoles.join(', ')}`)).min(1));

/** A secret that is shorter could be found by trying. */
export const leastSecretCharacters = 16;

const longSecret = z.string().min(leastSecretCharacters, `expected at least ${leastSecretCharacters} characters`);

/** Behind `whsec_` the secret is base64, and its bytes are the key: what is no base64 would be an empty one, which anybody has. */
const isLongKey = (secret: string): boolean =>
  !secret.startsWith('whsec_') ||
  (/^[\w+/-]+={0,2}$/.test(secret.slice(6)) && Buffer.from(secret.slice(6), 'base64').length >= leastSecretCharacters);
const signingSecret = longSecret.refine(
  isLongKey,
  `expected base64 of at least ${leastSecretCharacters} bytes after whsec_`,
);

const proxyNetworks: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`, or a name for such networks. A length of 0 would be anybody. */
function isProxy(text: string): boolean {
  if (proxyNetworks.has(text)) return true;
  const [written = '', length, ...more] = text.split('/');
  const address = parseIpAddress(written);
  if (address === undefined || more.length > 0) return false;
  const most = written.includes(':') ? 128 : 32;
  return length === undefined || (/^[1-9]\d{0,2}$/.test(length) && Number(length) <= most);
}

const hops: ReadonlyMap<string, number> = new Map([
  ['false', 0],
  ['true', 1],
]);

/** Part of the five seconds that requests have for their end. */
const mostDrainMs = 4000;

const drainMs = z
  .string()
  .refine(
    (text) => /^\d{1,4}$/.test(text) && Number(text) <= mostDrainMs,
    `expected milliseconds from 0 to ${mostDrainMs}`,
  )
  .transform(Number);

/** How many proxies in front are believed, or which. */
const trustProxy = z
  .string()
  .transform((text): number | string[] =>
    /^\d{1,3}$/.test(text) ? Number(text) : (hops.get(text) ?? text.split(',').map((part) => part.trim())),
  )
  .refine(
    (trusted) => typeof trusted === 'number' || trusted.every(isProxy),
    'expected true, false, how many proxies are in front, or addresses such as 10.0.0.0/8,loopback',
  );

/** An address, or labels between dots; what the machine makes of it shows when it listens. */
const host = z
  .string()
  .max(253, 'expected a shorter name')
  .regex(
    /^((?!-)[\w-]{1,63}(\.(?!-)[\w-]{1,63})*\.?|[0-9a-fA-F.]*:[0-9a-fA-F:.]*(%[\w.-]+)?)$/,
    'expected an address of this machine, or its name',
  );

const environmentSchema = z.object({
  HOST: withDefault(host, '127.0.0.1'),
  PORT: withDefault(port, '8080'),
  REDIS_URL: optional(redisUrl),
  REDIS_CLUSTER: optional(clusterNodes),
  DATABASE_URL: optional(databaseUrl),
  DATA_DIR: withDefault(z.string(), usualFolders.DATA_DIR),
  RULES_DIR: withDefault(z.string(), usualFolders.RULES_DIR),
  REPORT_RULES_DIR: optional(z.string()),
  EVENT_TIME: withDefault(oneOf(['bounded', 'trusted']), 'bounded'),
  BOOTSTRAP_API_KEY: optional(
    z
      .string()
      .min(8, 'expected at least 8 characters')
      .regex(/^[!-~]*$/, 'expected letters, digits and signs of ASCII without blanks, as a header can carry them'),
  ),
  IDENTIFIER_PEPPER: optional(longSecret),
  MAXMIND_DIR: optional(z.string()),
  LOG_LEVEL: withDefault(oneOf(['debug', 'info', 'warn', 'error', 'silent']), 'info'),
  ROLES: withDefault(roleList, 'api,workers'),
  TRUST_PROXY: withDefault(trustProxy, 'false'),
  /** For how long an instance that is to end goes on answering where somebody is connected. */
  DRAIN_MS: withDefault(drainMs, '1000'),
  VERIFICATION_PROVIDER_URL: optional(providerAddress),
  VERIFICATION_PROVIDER_SECRET: optional(longSecret),
  /** `phone=https://…,document=https://…`: methods that another provider checks than VERIFICATION_PROVIDER_URL. */
  VERIFICATION_PROVIDERS: optional(methodAddresses),
  /** What providers sign their callbacks with. */
  VERIFICATION_CALLBACK_SECRET: optional(signingSecret),
  /** `smtp://user:password@host:587`: codes for the method `email` go out by it. */
  SMTP_URL: optional(mailServer),
  MAIL_FROM: optional(
    z.string().regex(/^[^@\r\n]+@[^@\s>]+>?$/, 'expected an address, such as Portcullis <no-reply@example.com>'),
  ),
  /** Where people's browsers find this service. */
  PUBLIC_URL: optional(publicAddress),
  WEBHOOK_LOOPBACK: withDefault(oneOf(['refuse', 'allow']), 'refuse'),
  NODE_ENV: optional(z.string()),
});

export type Config = Readonly<z.infer<typeof environmentSchema>>;

const productionSchema = environmentSchema.superRefine((environment, context) => {
  if (environment.SMTP_URL !== undefined && environment.MAIL_FROM === undefined)
    context.addIssue({ code: 'custom', path: ['MAIL_FROM'], message: 'expected an address, since SMTP_URL is set' });
  if (environment.REDIS_URL !== undefined && environment.REDIS_CLUSTER !== undefined)
    context.addIssue({ code: 'custom', path: ['REDIS_CLUSTER'], message: 'expected none where REDIS_URL is set' });
  if (environment.NODE_ENV !== 'production') return;
  if (environment.DATABASE_URL !== undefined && environment.IDENTIFIER_PEPPER === undefined)
    context.addIssue({
      code: 'custom',
      path: ['IDENTIFIER_PEPPER'],
      message: 'expected one in production where a database is named, the same for every instance',
    });
  if (environment.WEBHOOK_LOOPBACK === 'allow')
    context.addIssue({ code: 'custom', path: ['WEBHOOK_LOOPBACK'], message: 'expected refuse in production' });
  const key = environment.BOOTSTRAP_API_KEY;
  if (key !== undefined && key.length < 32)
    context.addIssue({
      code: 'custom',
      path: ['BOOTSTRAP_API_KEY'],
      message: 'expected at least 32 characters in production',
    });
});

type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  /** One line for each wrong variable; secrets are never repeated. */
  | { readonly ok: false; readonly lines: readonly string[] };

const secret = /KEY|PEPPER|SECRET|URL|CLUSTER|PROVIDERS/;

/** Enough to know it again, on one line. */
const mostShown = 80;
const cut = (value: string): string => (value.length > mostShown ? `${value.slice(0, mostShown)}…` : value);

function cameText(name: string, value: string | undefined): string {
  if (secret.test(name)) return '';
  return value === undefined || value === '' ? '; it is not set' : `, not ${JSON.stringify(cut(value))}`;
}

/** The only reader of the environment, beside `readToolConfig`. */
export function readConfig(environment: Environment): ConfigResult {
  const parsed = productionSchema.safeParse(environment);
  if (parsed.success) return { ok: true, config: parsed.data };
  const lines = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return `${name}: ${issue.message}${cameText(name, environment[name])}`;
  });
  return { ok: false, lines: [...new Set(lines)] };
}
