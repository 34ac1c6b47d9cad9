import { spawnSync } from 'node:child_process';
import type { Fed } from '../feed.ts';

export const pkt = (line: string | Buffer): Buffer => {
  const payload = Buffer.from(line);
  return Buffer.concat([Buffer.from((payload.length + 4).toString(16).padStart(4, '0')), payload]);
};
export const flush = Buffer.from('0000');
export const delimiter = Buffer.from('0001');

export type Version = 0 | 1 | 2;

/** git's own server, asked without HTTP between. */
export class Service {
  readonly #name: string;
  readonly #directory: string;
  readonly #url: string;

  constructor(name: 'upload-pack' | 'receive-pack', directory: string, url: string) {
    this.#name = name;
    this.#directory = directory;
    this.#url = url;
  }

  discover(version: Version): Fed {
    const service = `git-${this.#name}`;
    const refs = this.#run(['--http-backend-info-refs'], version);
    // http-backend leaves the heading away in version 2.
    const heading = version === 2 ? [] : [pkt(`# service=${service}\n`), flush];
    return {
      url: `${this.#url}/info/refs?service=${service}`,
      headers: { 'content-type': `application/x-${service}-advertisement` },
      body: Buffer.concat([...heading, refs]),
    };
  }

  ask(version: Version, requestBody: Buffer): Fed {
    const service = `git-${this.#name}`;
    return {
      url: `${this.#url}/${service}`,
      method: 'POST',
      requestBody,
      headers: { 'content-type': `application/x-${service}-result` },
      body: this.#run(['--stateless-rpc'], version, requestBody),
    };
  }

  #run(options: readonly string[], version: Version, input: Buffer = Buffer.alloc(0)): Buffer {
    const env = { ...process.env, GIT_PROTOCOL: `version=${version}` };
    const { stdout, error } = spawnSync('git', [this.#name, ...options, this.#directory], {
      input,
      env,
      maxBuffer: 1 << 28,
    });
    if (error !== undefined) throw error;
    return stdout;
  }
}

/** What `git ls-remote` asks in version 2. */
export const listRequest = (...prefixes: string[]): Buffer =>
  Buffer.concat([
    pkt('command=ls-refs\n'),
    pkt('agent=test'),
    delimiter,
    pkt('peel\n'),
    pkt('symrefs\n'),
    ...prefixes.map((prefix) => pkt(`ref-prefix ${prefix}\n`)),
    flush,
  ]);

/** A fetch in version 2, with lines beyond the wants. */
export const fetchRequest = (wants: readonly string[], ...lines: string[]): Buffer =>
  Buffer.concat([
    pkt('command=fetch'),
    pkt('agent=test'),
    delimiter,
    ...lines.map((line) => pkt(`${line}\n`)),
    ...wants.map((id) => pkt(`want ${id}\n`)),
    pkt('done\n'),
    flush,
  ]);

/** The same in versions 0 and 1. */
export const oldFetchRequest = (
  wants: readonly string[],
  {
    capabilities = 'side-band-64k ofs-delta',
    lines = [],
  }: { capabilities?: string; lines?: readonly string[] } = {},
): Buffer =>
  Buffer.concat([
    ...wants.map((id, index) => pkt(`want ${id}${index === 0 ? ` ${capabilities}` : ''}\n`)),
    ...lines.map((line) => pkt(`${line}\n`)),
    flush,
    pkt('done\n'),
  ]);
