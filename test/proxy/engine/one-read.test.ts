import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { openEngineScene, type EngineScene } from '../../helpers/http2/engine-scene.ts';
import { openTunnel } from '../../helpers/http2/sessions.ts';

let scene: EngineScene;

afterEach(() => scene.close());

const HEADERS = 1;
const DATA = 0;
const SETTINGS = 4;
const END_STREAM = 1;
const END_HEADERS = 4;

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

// Node tells of a stream in the next turn, when all of it was read.
it('a request that comes in one piece, its end included, ends for the origin too', async () => {
  scene = await openEngineScene({ name: 'engine-one-read' });
  const heard = new Promise<string>((resolve) => {
    scene.serve = (stream) => {
      let body = '';
      stream.on('data', (chunk: Buffer) => (body += chunk.toString()));
      stream.on('end', () => {
        resolve(body);
        stream.respond({ ':status': 200 }, { endStream: true });
      });
    };
  });
  const socket = await openTunnel({ proxyPort: scene.proxy.port, authority: 'origin.test:80' });
  const authority = Buffer.from('origin.test');
  // POST, http, / and :authority in HPACK (RFC 7541, appendix A).
  const fields = Buffer.concat([Buffer.from([0x83, 0x86, 0x84, 0x41, authority.length]), authority]);
  socket.write(
    Buffer.concat([
      Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
      frame(SETTINGS, 0, 0, Buffer.alloc(0)),
      frame(HEADERS, END_HEADERS, 1, fields),
      frame(DATA, END_STREAM, 1, Buffer.from('all of it')),
    ]),
  );
  expect(await heard).toBe('all of it');
  socket.destroy();
  await once(socket, 'close');
});
