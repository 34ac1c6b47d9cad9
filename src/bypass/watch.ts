import { existsSync } from 'node:fs';
import { Bypasses } from './bypasses.ts';
import { SamplingSchedule } from './sampling-schedule.ts';
import { DaemonUse } from './daemon-use.ts';
import { readNetworkTables } from './network-tables.ts';
import { ForeignNamespaces } from './foreign-namespaces.ts';
import type { Watch, WatchOptions } from './types.ts';

/**
 * Looks from time to time at what the processes of a run are connected to, and tells what leads past the proxy, which
 * daemons are asked, and which processes have another network. What lives shorter than the time between two looks may
 * be missed, and the journal says how long that was. To be called right before or after the command is started.
 * Undefined where the system does not tell.
 */
export function watchConnections(options: WatchOptions): Watch | undefined {
  if (process.platform !== 'linux' || !existsSync('/proc/net/tcp')) return undefined;
  const schedule = new SamplingSchedule(readClockMs());
  const bypasses = new Bypasses(options);
  const daemonUse = new DaemonUse(options);
  const networks = new ForeignNamespaces(options);
  const pending = new Set<Promise<void>>();
  let hasFailed = false;
  const fail = (error: unknown): void => {
    hasFailed = true;
    options.log.error('the watch over connections has failed', { error });
  };
  const follow = (told: Promise<void>): void => {
    const settled = told.catch(fail).finally(() => pending.delete(settled));
    pending.add(settled);
  };

  const look = (): void => {
    const before = process.cpuUsage();
    try {
      const tables = readNetworkTables();
      for (const told of bypasses.look(tables)) follow(told);
      for (const told of daemonUse.look(tables)) follow(told);
      for (const pid of options.processes.listNew()) {
        const found = options.processes.describe(pid);
        if (found === undefined) continue;
        networks.look(found);
        daemonUse.lookAt(found);
      }
    } catch (error) {
      fail(error);
    }
    const now = readClockMs();
    const { user, system } = process.cpuUsage(before);
    schedule.looked(now);
    if (!hasFailed) timer = arm(schedule.wait(now, (user + system) / 1_000));
  };
  const arm = (ms: number): NodeJS.Timeout => setTimeout(look, ms).unref();
  let timer = arm(schedule.wait(readClockMs(), 0));

  return {
    stop: async () => {
      clearTimeout(timer);
      schedule.ended(readClockMs());
      await Promise.all(pending);
      if (hasFailed || schedule.samples === 0) return;
      bypasses.conclude();
      recordSampling(options, schedule);
    },
  };
}

function recordSampling({ record }: WatchOptions, { samples, longestGapMs }: SamplingSchedule): void {
  record({ type: 'connections-sampled', samples, longestGapMs: Math.ceil(longestGapMs) });
}

/** Monotonic. The global `performance` would have Node load 4 ms of modules that a short run needs for nothing else. */
function readClockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
