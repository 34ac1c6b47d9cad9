import type { Recipe } from './types.ts';

const cargo = 'https://doc.rust-lang.org/cargo/reference/config.html#http';

/** Rust and Go. */
export const rustAndGo: readonly Recipe[] = [
  { tool: 'cargo', variable: 'CARGO_HTTP_CAINFO', value: 'bundle-file', documentation: cargo },
  { tool: 'cargo', variable: 'CARGO_HTTP_PROXY', value: 'proxy-url', documentation: cargo },
];
