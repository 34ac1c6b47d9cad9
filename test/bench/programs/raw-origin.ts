// Sends as many bytes as the first line asks for, then closes. No HTTP, no TLS.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { serveUntilStdinCloses } from '../serve-until-stdin-closes.ts';

const block = randomBytes(256 * 1024);

const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', (line) => {
    let left = Number(line.toString().replace(/^SEND /, ''));
    const send = (): void => {
      while (left > 0) {
        const part = block.subarray(0, left);
        left -= part.length;
        if (!socket.write(part)) return void socket.once('drain', send);
      }
      socket.end();
    };
    send();
  });
});
serveUntilStdinCloses(server);
