import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openFilesComplaint, openFilesRemedy } from './adapters/files/open-files-limit.js';
import type { Service } from './compose.js';
import { type Config, readConfig } from './config.js';
import { type Environment, readToolConfig } from './tool-config.js';

const help = `usage: portcullis serve [--roles api,workers] [--demo]

Runs the service: API and workers in one process by default. Configured by the environment only; see docs/operations.md.
  --demo  made-up people and two rings, kept in a folder of their own (.portcullis-demo, or demo in DATA_DIR) and never in
          DATABASE_URL or REDIS_URL; goes on serving
`;

/** The exit status: 1 when it could not start. Resolves when a signal has ended the service. */
export async function run(args: string[], environment: Environment): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) return say(help, 0);
  const isDemo = args.includes('--demo');
  const [flag, roles, ...rest] = args.filter((one) => one !== '--demo');
  if (flag !== undefined && (flag !== '--roles' || roles === undefined || rest.length > 0))
    return complain(`serve takes --roles api,workers and --demo, and nothing else, not '${args.join(' ')}'`);
  const read = readConfig({
    ...environment,
    ...(roles === undefined ? {} : { ROLES: roles }),
    ...(isDemo ? demoEnvironment(environment) : {}),
  });
  if (!read.ok) return complain(...read.lines);
  const tooFewFiles = openFilesComplaint();
  if (tooFewFiles !== undefined) return complain(`${tooFewFiles}: ${openFilesRemedy}`);
  try {
    return await serve(read.config, isDemo);
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    // What was still starting beside it would keep the process; the stores are safe against any end.
    process.exit(1);
  }
}

/** Made-up people are never mixed with anyone's real ones, in no store. */
function demoEnvironment(environment: Environment): Record<string, string> {
  const { namedDataDir } = readToolConfig(environment);
  return {
    DATA_DIR: namedDataDir === undefined ? '.portcullis-demo' : join(namedDataDir, 'demo'),
    DATABASE_URL: '',
    REDIS_URL: '',
    REDIS_CLUSTER: '',
  };
}

async function serve(config: Config, isDemo: boolean): Promise<number> {
  const startedAt = performance.now();
  // Most of a start is loading this: a wrong setting is told before.
  const [{ composeService }, { createLogger }, { sparingLogger }] = await Promise.all([
    import('./compose.js'),
    import('./telemetry/logger.js'),
    import('./telemetry/sparing-logger.js'),
  ]);
  const log = sparingLogger(createLogger({ level: config.LOG_LEVEL }), () => performance.now());
  const stopping = signalled();
  const service = await composeService(config, log);
  let left: readonly string[] = [];
  try {
    const url = await listen(service, config);
    for (const line of greeting(service, url, performance.now() - startedAt)) process.stdout.write(`${line}\n`);
    if (isDemo) await demo(url, { config, madeKey: service.madeKey, stopping });
    await stopping;
    process.stdout.write('stopping …\n');
  } finally {
    left = await service.close();
  }
  // What hangs would keep the process; the stores are safe against any end.
  if (left.length > 0) process.exit(complain(`ended without waiting any longer for: ${left.join(', ')}`));
  return 0;
}

interface DemoStage {
  readonly config: Config;
  readonly madeKey: string | undefined;
  readonly stopping: Promise<void>;
}

/** Plays until the service is told to stop; what goes wrong ends the demo and not the service. */
async function demo(url: string, { config, madeKey, stopping }: DemoStage): Promise<void> {
  const [{ createDemoClient }, { playDemo }] = await Promise.all([
    import('./demo/demo-client.js'),
    import('./demo/play-demo.js'),
  ]);
  const key = config.BOOTSTRAP_API_KEY ?? madeKey;
  if (key === undefined) throw new Error('--demo needs BOOTSTRAP_API_KEY in production');
  let over = false;
  void stopping.then(() => {
    over = true;
  });
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const pause = async (ms: number): Promise<void> => {
    await Promise.race([stopping, new Promise((resolve) => setTimeout(resolve, ms).unref())]);
  };
  say(`Demo: made-up people sign up at this service; they are kept in ${config.DATA_DIR}, apart from anything real.`);
  const lookAt = `${url}/console/, signed in with ${madeKey ?? 'BOOTSTRAP_API_KEY'}`;
  const ports = {
    service: createDemoClient(url, key),
    say,
    pause,
    isOver: () => over,
    seed: Date.now().toString(36),
    lookAt,
  };
  await playDemo(ports).catch((error: unknown) => {
    if (!over) say(`Demo: it ended early: ${error instanceof Error ? error.message : String(error)}`);
  });
}

function listen({ server }: Service, { HOST, PORT }: Config): Promise<string> {
  return new Promise((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => failed(new Error(whyNotListening(error, HOST, PORT))));
    server.listen(PORT, HOST, () => {
      const { address, port, family } = server.address() as AddressInfo;
      listening(`http://${family === 'IPv6' ? `[${address}]` : address}:${port}`);
    });
  });
}

function whyNotListening({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE') return `PORT: ${port} on ${host} is taken by another program`;
  if (code === 'EACCES') return `PORT: ${port} needs more rights than this process has`;
  if (code === 'EADDRNOTAVAIL') return `HOST: ${host} is no address of this machine`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `HOST: nobody knows the address of '${host}'`;
  return `HOST, PORT: cannot listen at ${host}, ${port} (${message})`;
}

/** The first signal asks for an orderly end; a second one does not wait. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = () => {
      if (asked) process.exit(1);
      asked = true;
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}

function greeting({ lines, madeKey, answersApi }: Service, url: string, ms: number): string[] {
  const places: readonly (readonly [string, string])[] = answersApi
    ? [
        ['API', url],
        ['console', `${url}/console/`],
        ['documentation', `${url}/docs`],
      ]
    : [['probes and metrics', `${url}/livez, /readyz, /metrics`]];
  const rows = [...places, ...lines];
  const width = Math.max(...rows.map(([what]) => what.length));
  return [
    `Portcullis is ready (${(ms / 1000).toFixed(1)} s)`,
    ...rows.map(([what, where]) => `  ${what.padEnd(width)}  ${where}`),
    ...(answersApi ? firstSteps(url, madeKey) : []),
    '',
  ];
}

const firstSteps = (url: string, madeKey: string | undefined): string[] => [
  ...(madeKey === undefined ? [] : ['', `  API key for trying (admin, kept in DATA_DIR): ${madeKey}`]),
  '',
  'Try it:',
  tryIt(url, madeKey ?? '$BOOTSTRAP_API_KEY'),
];

const sampleEvent = {
  type: 'signup',
  event_id: 'evt_first',
  account: { id: 'acct_first' },
  ip: '81.2.69.142',
  email: { address: 'ada@example.com' },
};

const tryIt = (url: string, key: string): string =>
  `curl -s ${url}/v1/evaluations -H "Authorization: Bearer ${key}" -H 'Content-Type: application/json' \\\n` +
  `  -d '${JSON.stringify(sampleEvent)}'`;

function say(text: string, status: number): number {
  process.stdout.write(text);
  return status;
}

function complain(...lines: string[]): number {
  for (const line of lines) process.stderr.write(`portcullis: ${line}\n`);
  return 1;
}
