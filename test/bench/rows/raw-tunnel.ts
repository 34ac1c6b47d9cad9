import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import { requireProduct } from '../choose-contenders.ts';
import { finish } from '../contender.ts';
import type { Contender } from '../contender.ts';
import { benchHost, direct, proxaudit, through } from '../contenders.ts';
import { interleave } from '../interleave.ts';
import { atLeast, compare } from '../row.ts';
import type { Row } from '../row.ts';

async function chooseTunnels(arena: Arena): Promise<Contender[]> {
  const { port } = await arena.program('raw-origin');
  const base = `https://127.0.0.1:${port}`;
  const { ca } = arena.tls;
  const others = [
    direct(base, arena.tls),
    through('pipe', { proxy: await arena.program('pipe-relay'), base, ca }),
  ];
  try {
    requireProduct(arena);
  } catch (error) {
    arena.say(`SKIPPED proxaudit: ${String(error)}`);
    return others;
  }
  const options = ['--passthrough', benchHost];
  return [
    ...others,
    proxaudit({ root: arena.product, state: arena.directory, originPort: port, ca, options }),
  ];
}

/** Bytes through one CONNECT tunnel that nobody opens. */
export const rawTunnel: Row = {
  name: 'raw-tunnel',
  async run(arena) {
    const { tunnelBytes } = arena.settings.sizes;
    const { samples, peaks } = await interleave(
      arena,
      await chooseTunnels(arena),
      async (contender, notePeak) => {
        const program = join(arena.programs, 'raw-load.mjs');
        const launched = contender.launch((base) => [process.execPath, program, base, String(tunnelBytes)]);
        launched.child.stdout?.once('data', () => notePeak(launched.proxyPid));
        const { ms } = JSON.parse((await finish(launched)).stdout) as { ms: number };
        return tunnelBytes / 1e3 / ms;
      },
    );
    const comparisons = compare(samples, ['proxaudit', 'pipe'], atLeast(0.95, 1));
    return [{ name: 'raw tunnel', unit: 'MB/s', samples, peaks, comparisons }];
  },
};
