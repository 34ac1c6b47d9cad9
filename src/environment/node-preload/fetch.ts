import { createRequire } from 'node:module';
import type { createDispatcher } from './fetch-dispatcher.ts';
import type { ProxySettings } from './proxy-settings.ts';
import { openTunnel } from './tunnel.ts';

/** Where all copies of undici, Node's own among them, look for the dispatcher of fetch; the number is its version. */
const symbols = ['undici.globalDispatcher.1', 'undici.globalDispatcher.2'].map((name) => Symbol.for(name));

/**
 * Makes global fetch, and undici where a program brings its own, go through the proxy. What it takes is loaded with the
 * first request. A dispatcher that is there already is left alone: Node was told to proxy by itself.
 */
export function installDispatcher(settings: ProxySettings): void {
  const global = globalThis as unknown as Record<symbol, unknown>;
  if (typeof globalThis.fetch !== 'function' || symbols.some((symbol) => global[symbol] !== undefined))
    return;
  let dispatcher: object | undefined;
  const load = (): object => {
    const second = createRequire(__filename)('./preload-fetch.cjs') as {
      createDispatcher: typeof createDispatcher;
    };
    return second.createDispatcher(settings, openTunnel);
  };
  const lazy = new Proxy(
    {},
    {
      get: (_target, key) => {
        dispatcher ??= load();
        const member: unknown = Reflect.get(dispatcher, key);
        return typeof member === 'function' ? (member.bind(dispatcher) as unknown) : member;
      },
    },
  );
  for (const symbol of symbols) {
    Object.defineProperty(globalThis, symbol, {
      value: lazy,
      writable: true,
      enumerable: false,
      configurable: true,
    });
  }
}
