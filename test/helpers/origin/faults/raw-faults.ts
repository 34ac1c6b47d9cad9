import { createServer } from 'node:net';
import type { Server } from 'node:net';

export type RawName = 'banner' | 'rawEcho' | 'silent';

/** Protocols that are not HTTP: one whose server speaks first, one that echoes, one that never says a word. */
export function rawServers(): Record<RawName, Server> {
  return {
    banner: createServer((socket) => {
      socket.write('SSH-2.0-OpenSSH_9.9\r\n');
      socket.on('data', (data) => void socket.write(data));
      socket.on('end', () => socket.end());
    }),
    rawEcho: createServer({ allowHalfOpen: true }, (socket) => void socket.pipe(socket)),
    silent: createServer((socket) => void socket.resume()),
  };
}
