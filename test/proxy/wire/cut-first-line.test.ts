import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRawScene, PATIENCE, rest, type RawScene } from '../../helpers/wire/raw-scene.ts';

let scene: RawScene;
beforeAll(async () => {
  scene = await openRawScene('cut-first-line');
});
afterAll(() => scene.close());

describe.each([true, false])('a first request line that is cut short (TLS: %s)', (isSecure) => {
  it('by a reset does not go on, and is not taken for another protocol', async () => {
    const before = scene.audited.of('passed-through').length;
    const { client, server } = await scene.tunnel(isSecure);
    client.write('X-OWN /a HTT');
    await rest();
    client.socket.resetAndDestroy();
    await server.ends('reset');
    expect(server.text).toBe('');
    await expect.poll(() => scene.audited.of('connection-closed').length, PATIENCE).toBeGreaterThan(0);
    expect(scene.audited.of('passed-through')).toHaveLength(before);
  });

  it('by an end goes on, and is named', async () => {
    const before = scene.audited.of('passed-through').length;
    const { client, server } = await scene.tunnel(isSecure);
    client.write('X-OWN /a HTT');
    await rest();
    client.stream.end();
    await server.ends('end');
    expect(server.text).toBe('X-OWN /a HTT');
    expect(scene.audited.of('passed-through')).toHaveLength(before + 1);
    server.stream.end();
    await client.ends('end');
  });
});
