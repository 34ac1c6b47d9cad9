import type { Socket } from 'node:net';
import { createPeerLookup, type RunProcesses, type SocketOwner } from '../attribution/index.ts';
import type { Peers } from '../proxy/index.ts';
import type { ProxyOptions } from './options.ts';
import type { Recording } from './recording.ts';

export interface Attribution {
  readonly peers: Peers;
  /** Undefined where the system does not tell. */
  readonly processes: RunProcesses | undefined;
}

/**
 * Tells whose a connection is. To be called before the command starts. Where the system does not tell (anything but
 * Linux) every connection from this machine is allowed and none has a process.
 */
export function attribute(
  { runId, redactor }: Pick<Recording, 'runId' | 'redactor'>,
  { env, cwd }: Pick<ProxyOptions, 'env' | 'cwd'>,
): Attribution {
  const lookup = createPeerLookup({ runId, cwd, redaction: redactor, environment: env });
  if (lookup === undefined) {
    const peers: Peers = {
      admit: () => Promise.resolve('admitted'),
      processOf: () => Promise.resolve(undefined),
      seesClient: () => Promise.resolve(false),
    };
    return { peers, processes: undefined };
  }
  const owners = new WeakMap<Socket, Promise<SocketOwner | undefined>>();
  const ownerOf = (socket: Socket): Promise<SocketOwner | undefined> => {
    const known = owners.get(socket);
    if (known !== undefined) return known;
    const asked = lookup.findOwner(socket);
    owners.set(socket, asked);
    return asked;
  };
  const peers: Peers = {
    async admit(socket) {
      const owner = await ownerOf(socket);
      if (owner !== undefined) return lookup.isOurs(owner) ? 'admitted' : 'other-user';
      return (await lookup.canOnlyBeOurs(socket)) ? 'admitted' : 'unidentified';
    },
    async processOf(socket) {
      const owner = await ownerOf(socket);
      return owner === undefined ? undefined : lookup.findProcess(owner);
    },
    seesClient: async (socket) => (await ownerOf(socket)) !== undefined,
  };
  return { peers, processes: lookup.run };
}
