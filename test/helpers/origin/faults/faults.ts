import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import { listenOnLoopback, refusedPort } from '../listening.ts';
import type { Listening } from '../listening.ts';
import { rawServers } from './raw-faults.ts';
import type { RawName } from './raw-faults.ts';
import { readRequestHead } from './request-head.ts';
import { responders } from './responders.ts';
import type { FaultName, Responder } from './responders.ts';
import { tlsFaultServers } from './tls-faults.ts';
import type { TlsFaultName, TlsFaultOptions } from './tls-faults.ts';

interface FaultArrival {
  readonly fault: FaultName | TlsFaultName;
  readonly tls: boolean;
  /** Request line and header fields as they arrived. */
  readonly head: string;
}

/** Ports of 127.0.0.1, each with one fault. */
export interface Faults {
  /** HTTP faults without TLS. */
  readonly plain: Readonly<Record<FaultName, number>>;
  /** The same faults inside TLS with a good certificate. */
  readonly secure: Readonly<Record<FaultName, number>>;
  readonly tls: Readonly<Record<TlsFaultName, number>>;
  readonly raw: Readonly<Record<RawName, number>>;
  /** Nothing listens here. */
  readonly refused: number;
  /** Every request head that reached a fault, in order. */
  readonly arrivals: readonly FaultArrival[];
  close(): Promise<void>;
}

/** Starts one server per fault; certificates are for `names` and, but where that is the fault, by `authority`. */
export async function startFaults(options: TlsFaultOptions): Promise<Faults> {
  const arrivals: FaultArrival[] = [];
  const leaf = options.authority.issue({ names: [...options.names, '127.0.0.1'] });
  const open: Listening[] = [];
  const start = async <Name extends string>(servers: Record<Name, Server>): Promise<Record<Name, number>> => {
    const ports: Partial<Record<Name, number>> = {};
    for (const name of Object.keys(servers) as Name[]) {
      const listening = await listenOnLoopback(servers[name]);
      open.push(listening);
      ports[name] = listening.port;
    }
    return ports as Record<Name, number>;
  };
  const respond = (tls: boolean, wrap: (transport: Socket) => Duplex) =>
    mapResponders((fault, responder) =>
      createServer((transport) => {
        const socket = wrap(transport);
        readRequestHead(socket, (head) => {
          arrivals.push({ fault, tls, head });
          void responder(socket, transport);
        });
      }),
    );
  const secureContext = createSecureContext(leaf);
  const encrypt = (transport: Socket): Duplex => new TLSSocket(transport, { isServer: true, secureContext });
  const tlsServers = tlsFaultServers(options, (fault, head) => arrivals.push({ fault, tls: true, head }));
  return {
    plain: await start(respond(false, (transport) => transport)),
    secure: await start(respond(true, encrypt)),
    tls: await start(tlsServers),
    raw: await start(rawServers()),
    refused: await refusedPort(createServer()),
    arrivals,
    close: async () => void (await Promise.all(open.map((listening) => listening.close()))),
  };
}

function mapResponders(make: (fault: FaultName, responder: Responder) => Server): Record<FaultName, Server> {
  const entries = Object.entries(responders).map(([name, responder]) => [
    name,
    make(name as FaultName, responder),
  ]);
  return Object.fromEntries(entries) as Record<FaultName, Server>;
}
