import type { Process } from '../model/exchange.ts';
import { BoundedMap } from '../support/bounded-map.ts';
import { daemons, type Daemon } from './daemons.ts';
import { readUnixConnections, type NetworkTables, type UnixRow } from './network-tables.ts';
import { findLocal, findServedPorts } from './egress-sockets.ts';
import { findServers, listProcesses, listSockets, type Server } from './servers.ts';
import type { WatchOptions } from './types.ts';

/** Looked at in one look. */
const MAX_CLIENTS = 64;
/** Sockets that need no second look; one that is forgotten gets another. */
const MAX_SETTLED = 10_000;

/** Tells which daemons, that run outside of the run, its processes ask to do something. */
export class DaemonUse {
  readonly #options: WatchOptions;
  /** Processes that were there before the command. */
  readonly #older = listProcesses();
  /** Unix connections that were there before. */
  readonly #before = new Set(readUnixConnections().map(({ inode }) => inode));
  readonly #told = new Set<string>();
  #servers: readonly Server[] | undefined;
  readonly #settled = new BoundedMap<number, true>(MAX_SETTLED);

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  look(tables: NetworkTables): Promise<void>[] {
    return [...this.#lookAtServers(tables), ...this.#lookAtSockets()];
  }

  /** A program may be nothing but the client of a daemon. */
  lookAt(process: Process): void {
    const line = process.command.join(' ');
    const daemon = daemons.find(({ client }) => client?.test(line));
    if (daemon !== undefined) this.#tell(daemon, process);
  }

  /** Connections over loopback to daemons that were there before. */
  #lookAtServers(tables: NetworkTables): Promise<void>[] {
    const local = findLocal(tables, this.#options.listener).filter(({ inode }) => !this.#settled.has(inode));
    if (local.length === 0) return [];
    this.#servers ??= findServers(this.#older);
    return this.#servers.flatMap(({ pid, daemon }) => {
      const ports = findServedPorts(tables, new Set(listSockets(pid)));
      const clients = local.filter(({ remotePort }) => ports.has(remotePort)).slice(0, MAX_CLIENTS);
      return clients.map(({ inode }) => this.#tellHolder(daemon, inode));
    });
  }

  /**
   * Connections that a daemon has accepted since. Who is at their other end is not told: it counts when a process of
   * the run has a unix connection since, other than those by which a program and its children talk.
   */
  #lookAtSockets(): Promise<void>[] {
    const fresh = readUnixConnections().filter(({ inode }) => !this.#before.has(inode));
    const used = daemons.filter(
      (daemon) => !this.#told.has(daemon.name) && fresh.some(({ path }) => daemon.socket?.test(path)),
    );
    if (used.length === 0) return [];
    const clients = findClients(fresh).slice(0, MAX_CLIENTS);
    return used.flatMap((daemon) => clients.map(({ inode }) => this.#tellHolder(daemon, inode)));
  }

  async #tellHolder(daemon: Daemon, inode: number): Promise<void> {
    this.#settled.set(inode, true);
    if (this.#told.has(daemon.name)) return;
    const process = await this.#options.processes.findHolder(inode);
    if (process !== undefined) this.#tell(daemon, process);
  }

  #tell({ name, advice }: Daemon, process: Process): void {
    if (this.#told.has(name)) return;
    this.#told.add(name);
    this.#options.record({ type: 'blind-spot', kind: 'daemon', subject: name, advice, process });
  }
}

/** The ends without a name, but for the two of a pair: those are made at once and numbered one after the other. */
function findClients(connections: readonly UnixRow[]): UnixRow[] {
  const unnamed = connections.filter(({ path }) => path === '');
  const inodes = new Set(unnamed.map(({ inode }) => inode));
  return unnamed.filter(({ inode }) => !inodes.has(inode - 1) && !inodes.has(inode + 1));
}
