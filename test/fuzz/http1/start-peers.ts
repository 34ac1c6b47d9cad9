import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Peer } from './peer.ts';

export type PeerName = 'http.client' | 'h11' | 'go';
const folder = join(import.meta.dirname, 'peers');
const PYTHON = join(folder, 'readers.py');

/** Whether a program ends well. */
function succeeds(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Why a reader cannot be had here; undefined where it can. h11 is looked for in the `python3` of PATH. */
export function findMissing(name: PeerName): string | undefined {
  switch (name) {
    case 'http.client':
      return succeeds('python3', '-c', 'import http.client') ? undefined : 'no Python';
    case 'h11':
      return succeeds('python3', '-c', 'import h11') ? undefined : 'no h11 in Python';
    case 'go':
      return succeeds('go', 'version') ? undefined : 'no Go';
  }
}

/** Starts readers, and ends them after use. That in Go is compiled first, which takes seconds to a minute. */
export async function withPeers<T>(
  names: readonly PeerName[],
  use: (peers: readonly Peer[]) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'proxaudit-fuzz-'));
  const peers: Peer[] = [];
  try {
    for (const name of names) peers.push(startPeer(name, directory));
    return await use(peers);
  } finally {
    await Promise.all(peers.map((peer) => peer.end()));
    rmSync(directory, { recursive: true });
  }
}

function startPeer(name: PeerName, directory: string): Peer {
  if (name !== 'go') return new Peer(name, ['python3', PYTHON, name]);
  const program = join(directory, 'readers');
  execFileSync('go', ['build', '-o', program, join(folder, 'readers.go')]);
  return new Peer(name, [program]);
}
