import type { Arena } from '../arena.ts';
import { chooseContenders } from '../choose-contenders.ts';
import { finish } from '../contender.ts';
import type { ContenderName } from '../contender.ts';
import { interleave } from '../interleave.ts';
import { atLeast, compare } from '../row.ts';
import type { Row, RowResult } from '../row.ts';

/** Two transfers in one curl: the first, small one pays for the start, the second is measured. */
const curl = (base: string, version: string, bytes: number): string[] => {
  const transfer = (size: number): string[] => [version, '-sSf', '-o', '/dev/null', `${base}/bytes/${size}`];
  const written = ['-w', '%{size_download} %{time_total}\\n'];
  return ['curl', '-q', ...transfer(1000), '--next', ...written, ...transfer(bytes)];
};

async function download(arena: Arena, names: readonly ContenderName[], version: string) {
  const { bulkBytes } = arena.settings.sizes;
  return interleave(arena, await chooseContenders(arena, names), async (contender, notePeak) => {
    const launched = contender.launch((base) => curl(base, version, bulkBytes));
    // The last moment at which a wrapped proxy is still there is when curl has said its last word.
    launched.child.stdout?.once('data', () => notePeak(launched.proxyPid));
    const { stdout } = await finish(launched);
    const [bytes, seconds] = stdout.trim().split(' ').map(Number);
    if (bytes !== bulkBytes) throw new Error(`curl got ${bytes} of ${bulkBytes} bytes`);
    return bulkBytes / 1e6 / (seconds ?? 0);
  });
}

/** One large HTTPS download by curl, over HTTP/1.1 (which all contenders speak) and over HTTP/2. */
export const bulk: Row = {
  name: 'bulk',
  async run(arena): Promise<RowResult[]> {
    const one = await download(arena, ['direct', 'relay', 'proxaudit', 'mitmdump', 'goproxy'], '--http1.1');
    const two = await download(arena, ['direct', 'proxaudit', 'mitmdump'], '--http2');
    const againstMitmdump = (samples: Record<string, number[]>) =>
      compare(samples, ['proxaudit', 'mitmdump'], atLeast(3, 3));
    const comparisons = [
      ...compare(one.samples, ['proxaudit', 'relay'], atLeast(0.9, 1)),
      ...againstMitmdump(one.samples),
    ];
    return [
      { name: 'bulk', unit: 'MB/s', ...one, comparisons },
      { name: 'bulk over h2', unit: 'MB/s', ...two, comparisons: againstMitmdump(two.samples) },
    ];
  },
};
