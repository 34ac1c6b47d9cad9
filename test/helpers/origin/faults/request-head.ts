import type { Duplex } from 'node:stream';

/** Calls `then` once with the head of the first request; what follows the head is read and dropped. */
export function readRequestHead(socket: Duplex, then: (head: string) => void): void {
  let text = '';
  let found = false;
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    if (found) return;
    text += chunk.toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    if (end < 0) return;
    found = true;
    then(text.slice(0, end));
  });
}
