// Reads BYTES through one raw tunnel and prints how long it took.
import { connectThroughProxy } from '../connect-through-proxy.ts';

const [address = '', bytes = '0'] = process.argv.slice(2);

async function pull(count: string): Promise<number> {
  const socket = await connectThroughProxy(new URL(address));
  const started = performance.now();
  let received = 0;
  socket.on('data', (chunk: Buffer) => (received += chunk.length));
  socket.write(`SEND ${count}\n`);
  await new Promise((resolve, reject) => socket.once('end', resolve).once('error', reject));
  if (received !== Number(count)) throw new Error(`${received} of ${count} bytes came`);
  return performance.now() - started;
}

await pull('1000');
process.stdout.write(`${JSON.stringify({ ms: await pull(bytes) })}\n`);
process.exit(0);
