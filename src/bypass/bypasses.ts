import type { FactOf } from '../model/events.ts';
import type { Process } from '../model/exchange.ts';
import type { NetworkTables } from './network-tables.ts';
import { LoopbackConnections } from './loopback.ts';
import { findEgressSockets, type EgressSocket } from './egress-sockets.ts';
import { listSockets } from './servers.ts';
import { adviseBypass, nameService } from './services.ts';
import type { WatchOptions } from './types.ts';

/** Told one by one; what comes after them is only counted. */
const MAX_TOLD = 1_000;
const DNS = 53;

/** Tells which connections of the run lead past the proxy. */
export class Bypasses {
  readonly #options: WatchOptions;
  /** Sockets that need no second look, as long as they are there. */
  #settled = new Set<number>();
  /** UDP sockets of the last look. */
  #udpBefore = new Set<number>();
  #told = 0;
  #untold = 0;
  readonly #loopback: LoopbackConnections | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#loopback = options.includeLocal ? new LoopbackConnections(options.listener) : undefined;
  }

  /** The returned promises resolve when what was seen is told; they reject when the journal cannot be written. */
  look(tables: NetworkTables): Promise<void>[] {
    const outgoing = [
      ...findEgressSockets(tables, this.#options.listener),
      ...(this.#loopback?.find(tables) ?? []),
    ];
    const present = new Set(outgoing.map(({ inode }) => inode));
    this.#settled = new Set([...this.#settled].filter((inode) => present.has(inode)));
    // To choose a source address, resolvers connect UDP sockets for an instant that never send.
    const lasting = outgoing.filter(
      ({ inode, transport }) => transport === 'tcp' || this.#udpBefore.has(inode),
    );
    this.#udpBefore = new Set(
      outgoing.filter(({ transport }) => transport === 'udp').map(({ inode }) => inode),
    );
    const fresh = lasting.filter(({ inode }) => !this.#settled.has(inode));
    if (fresh.length === 0) return [];
    // Ours lead to the upstreams.
    const own = new Set(listSockets('self'));
    for (const { inode } of fresh) this.#settled.add(inode);
    return fresh.filter(({ inode }) => !own.has(inode)).map((socket) => this.#tell(socket));
  }

  /** Tells how many were not told. */
  conclude(): void {
    if (this.#untold === 0) return;
    this.#options.record({
      type: 'blind-spot',
      kind: 'bypass',
      subject: `${this.#untold} more connections`,
      advice: '',
    });
  }

  /** The process of the run that opened it; undefined where it is another's, or only talks to itself. */
  async #findOpener({ inode, other }: EgressSocket): Promise<Process | undefined> {
    const { findHolder } = this.#options.processes;
    if (other === undefined) return findHolder(inode);
    const [holder, peer] = await Promise.all([findHolder(inode), findHolder(other.inode)]);
    if (holder !== undefined) return holder.pid === peer?.pid ? undefined : holder;
    return other.mayBeOpener ? peer : undefined;
  }

  async #tell(socket: EgressSocket): Promise<void> {
    const process = await this.#findOpener(socket);
    if (process === undefined) return;
    if (this.#told >= MAX_TOLD) {
      this.#untold++;
      return;
    }
    this.#told++;
    this.#options.record(stateEgressSocket(socket, process));
  }
}

function stateEgressSocket({ transport, peer }: EgressSocket, process: Process): FactOf<'blind-spot'> {
  const { name } = process;
  const who = nameWho(process);
  const common = { type: 'blind-spot', process, transport } as const;
  if (peer === undefined) return { ...common, kind: 'open-udp', subject: who, advice: '' };
  const destination = { host: peer.address, port: peer.port, ip: peer.address };
  const protocol = nameService(transport, peer.port);
  const known = { ...common, destination, ...(protocol === undefined ? {} : { protocol }) };
  if (peer.port === DNS) return { ...known, kind: 'direct-dns', subject: who, advice: '' };
  const address = peer.address.includes(':') ? `[${peer.address}]` : peer.address;
  return {
    ...known,
    kind: 'bypass',
    subject: `${who} to ${address}:${peer.port} (${protocol ?? transport})`,
    advice: adviseBypass(name, transport, peer.port),
  };
}

/** The program, and whose lifecycle script it is part of. */
function nameWho({ name, package: packageName, script }: Process): string {
  return packageName === undefined ? name : `${packageName} ${script ?? 'script'} (${name})`;
}
