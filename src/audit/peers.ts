import type { Peers } from '../proxy/index.ts';
import type { Recording } from './recording.ts';

export function createPeers(_proxyPort: number, _recording: Recording): Peers {
  return { isAllowed: () => Promise.resolve(true), processOf: () => Promise.resolve(undefined) };
}
