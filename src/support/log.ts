/** From the one that says least. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** Details beside a message. Of an error, its stack is told. */
export type LogFacts = Readonly<Record<string, unknown>>;

type Write = (message: string, facts?: LogFacts) => void;

/** What proxaudit tells about its own work. Never throws; what it is given is redacted by whoever writes it down. */
export type Log = Readonly<Record<Exclude<LogLevel, 'silent'>, Write>>;

const nothing = (): void => undefined;

export const silentLog: Log = {
  error: nothing,
  warn: nothing,
  info: nothing,
  debug: nothing,
  trace: nothing,
};
