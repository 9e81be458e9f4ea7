import { type DestinationStream, pino } from 'pino';
import { redactObject, redactText } from './redact.js';

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

type Fields = Readonly<Record<string, unknown>>;

/** What the parts of the service write to: fields first, then a sentence. */
export interface Logger {
  debug(fields: Fields, message: string): void;
  info(fields: Fields, message: string): void;
  warn(fields: Fields, message: string): void;
  error(fields: Fields, message: string): void;
}

interface LoggerOptions {
  readonly level: LogLevel;
  /** Where the lines go; standard output when absent. */
  readonly destination?: DestinationStream | undefined;
}

const writing = ['debug', 'info', 'warn', 'error'] as const;

/** One JSON object a line. Identifiers of people never get through, whoever writes them into a field or a sentence. */
export function createLogger(options: LoggerOptions): Logger {
  const settings = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const lines = options.destination === undefined ? pino(settings) : pino(settings, options.destination);
  const write = (level: (typeof writing)[number]) => (fields: Fields, message: string) => {
    if (lines.isLevelEnabled(level)) lines[level](redactObject(fields), redactText(message));
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** For tests and commands that print for themselves. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
