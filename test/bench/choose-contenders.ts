import { join } from 'node:path';
import type { Arena } from './arena.ts';
import type { Contender, ContenderName } from './contender.ts';
import { direct, missingProduct, proxaudit, through } from './contenders.ts';
import { buildGoproxy, startGoproxy } from './goproxy.ts';
import { installMitmdump, startMitmdump } from './mitmdump.ts';

/** The contenders of a row that asks the HTTPS origin. One that cannot run is named aloud and left out. */
export async function chooseContenders(arena: Arena, names: readonly ContenderName[]): Promise<Contender[]> {
  const chosen: Contender[] = [];
  for (const name of names) {
    try {
      chosen.push(await enter(arena, name));
    } catch (error) {
      arena.say(`SKIPPED ${name}: ${error instanceof Error ? error.message.slice(0, 300) : String(error)}`);
    }
  }
  return chosen;
}

/** Throws when proxaudit is left out or not built. */
export function requireProduct(arena: Arena): void {
  const reason = arena.settings.without.includes('proxaudit') ? 'left out' : missingProduct(arena.product);
  if (reason) throw new Error(reason);
}

async function enter(arena: Arena, name: ContenderName): Promise<Contender> {
  if (arena.settings.without.includes(name)) throw new Error('left out');
  const { port } = await arena.program('origin');
  const base = `https://127.0.0.1:${port}`;
  const { ca } = arena.tls;
  if (name === 'direct') return direct(base, arena.tls);
  if (name === 'mitmdump') return enterMitmdump(arena, base);
  if (name === 'goproxy') return enterGoproxy(arena, base);
  if (name === 'proxaudit') {
    requireProduct(arena);
    return proxaudit({ root: arena.product, state: arena.directory, originPort: port, ca });
  }
  return through(name, { proxy: await arena.program(name === 'pipe' ? 'pipe-relay' : 'relay'), base, ca });
}

async function enterMitmdump(arena: Arena, base: string): Promise<Contender> {
  const proxy = await arena.once('mitmdump', async () => {
    const program = arena.settings.mitmdump ?? (await installMitmdump());
    return startMitmdump({
      program,
      directory: join(arena.directory, 'mitmproxy'),
      upstreamCa: arena.tls.ca,
    });
  });
  return through('mitmdump', { proxy, base, ca: String(proxy.announced['ca']) });
}

async function enterGoproxy(arena: Arena, base: string): Promise<Contender> {
  const proxy = await arena.once('goproxy', async () => {
    const program = await buildGoproxy(join(arena.root, 'test', 'bench', 'peers', 'goproxy.go'));
    return startGoproxy({ program, directory: arena.directory, upstreamCa: arena.tls.ca });
  });
  return through('goproxy', { proxy, base, ca: String(proxy.announced['ca']) });
}
