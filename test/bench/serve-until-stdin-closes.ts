import { readFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';

/** Arguments of a bench program: files with key, certificate and the authority to trust. */
export interface TlsFiles {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

export const readTlsFiles = (files: TlsFiles): { key: string; cert: string; ca: string } => ({
  key: readFileSync(files.key, 'utf8'),
  cert: readFileSync(files.cert, 'utf8'),
  ca: readFileSync(files.ca, 'utf8'),
});

/** Listens on loopback, prints `{"port":N}`, and ends with the process that started it. */
export function serveUntilStdinCloses(server: Server): void {
  server.listen(0, '127.0.0.1', 1024, () => {
    process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`);
  });
  process.stdin.resume().on('end', () => process.exit(0));
}

/** The program's only argument, as JSON. */
export const programArguments = <Arguments>(): Arguments => JSON.parse(process.argv[2] ?? '{}') as Arguments;
