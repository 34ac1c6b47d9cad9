import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArtifactSession, recognisers } from '../../src/artifacts/index.ts';
import type { ObservedBody } from '../../src/model/observer.ts';
import { examineHere } from './examine-here.ts';

let directory: string;
let session: ArtifactSession;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'proxaudit-spooled-'));
  const options = { record: () => undefined, redactUrl: String, lockfiles: [], directory };
  session = new ArtifactSession({ ...options, recognisers, examiner: examineHere(), patienceMs: 0 });
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** What of the directory this process has open. */
const open = (): string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const file = readlinkSync(join('/proc/self/fd', fd));
      return file.startsWith(directory) ? [file] : [];
    } catch {
      return [];
    }
  });

/** Begins a response of which a part has come. */
function begin(url: string) {
  const observation = session.observe({ exchangeId: 'x1', method: 'GET', url, headers: [] });
  const wish = observation?.response({ status: 200, headers: [] });
  wish?.sink?.(Buffer.from('some bytes'));
  return observation;
}
const cut: ObservedBody = { size: 10, complete: false, digests: {} };

describe.each([
  ['a module', 'https://proxy.example/forge.example/mod/@v/v1.0.0.zip'],
  ['a large index', 'https://deb.example/debian/dists/trixie/main/binary-amd64/Packages'],
])('%s that is spooled', (_what, url) => {
  it.runIf(process.platform === 'linux').each([
    ['was cut short', cut],
    ['brought no answer of the server in the end', undefined],
  ])('is let go of as soon as its exchange %s (needs /proc)', (_how, response) => {
    const observation = begin(url);
    expect(readdirSync(directory)).toHaveLength(1);
    expect(open()).toHaveLength(1);
    observation?.ended({ response, process: undefined });
    expect(open()).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('may be removed by others before its exchange ends', () => {
    const observation = begin(url);
    for (const name of readdirSync(directory)) rmSync(join(directory, name));
    observation?.ended({ response: cut, process: undefined });
    expect(readdirSync(directory)).toEqual([]);
  });
});
