import type { Event } from '../model/events.ts';
import type { Run } from '../model/run.ts';
import { bundleDirectory } from './bundle-directory.ts';
import { EventLog } from './event-log.ts';
import { createFeed } from './feed.ts';
import type { ProxyOptions } from './options.ts';

export type ExchangeCompleted = Extract<Event, { type: 'exchange-completed' }>;

/** A proxy that records what goes through it. */
export interface RecordingProxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** `HOST:PORT`. */
  readonly address: string;
  /** `http://HOST:PORT`, for clients that are told of their proxy. It speaks HTTP, CONNECT and SOCKS5. */
  readonly url: string;
  /** What leads a command through it: `spawn(command, { env: { ...process.env, ...proxy.variables } })`. */
  readonly variables: Readonly<Record<string, string>>;
  /** The certificate that clients must trust; the file is gone after `stop`. */
  readonly ca: { readonly pem: string; readonly file: string };
  /** Null when the journal is no file. */
  readonly journalFile: string | null;
  /** What proxaudit told about its own work (`logLevel`); null while there is nothing. */
  logFile(): string | null;
  /**
   * All events, from the first of the newest 10,000 (or 32 Mi characters) that are kept; ends after `stop`. A reader that
   * falls further behind gets `AuditError` code `events-lost`.
   */
  readonly events: AsyncIterable<Event>;
  /** The exchanges that completed, of the events that are kept. The last one may follow its last byte by a moment. */
  exchanges(): readonly ExchangeCompleted[];
  /** What was recorded until now, as `renderReport` takes it. */
  run(): Run;
  /** Why recording failed, or null. What was not recorded was not let through. */
  failure(): Error | null;
  /** Closes every connection, ends the journal and removes the temporary files. Safe to call again. */
  stop(): Promise<Run>;
}

/**
 * Starts a proxy for one's own tests and programs; the commands that use it are the caller's to start. Nothing of this
 * process is changed: its own requests go through the proxy only where their client is told so. The requests of this
 * process itself are recorded without a `process`.
 * @throws {AuditError} (as a rejection) `bad-usage`, `bad-certificate`, `cannot-start` or `journal-failed`.
 */
export async function start(options: ProxyOptions = {}): Promise<RecordingProxy> {
  const { checkProxyOptions, toProxyOptions } = await import('./check-options.ts');
  checkProxyOptions(options);
  const { start: startProxy } = await import('../audit/index.ts');
  const log = new EventLog();
  const feed = createFeed(options.onEvent);
  const onLine = (line: string): void => {
    log.add(line);
    feed(line);
  };
  const output = options.output === undefined ? null : options.output;
  const running = await startProxy(toProxyOptions({ ...options, output }, { bundleDirectory, onLine }));
  const { host, port } = running.proxy;
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const stop = async (): Promise<Run> => {
    const run = await running.stop();
    log.end();
    return run;
  };
  return {
    host,
    port,
    address,
    url: `http://${address}`,
    variables: running.environment.variables,
    ca: { pem: running.trust.caPem, file: running.trust.caFile },
    journalFile: running.journalFile,
    logFile: running.logFile,
    events: log,
    exchanges: () => log.list().filter((event) => event.type === 'exchange-completed'),
    run: running.run,
    failure: () => running.failure() ?? null,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
    },
  };
}
