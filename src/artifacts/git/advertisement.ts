// https://git-scm.com/docs/gitprotocol-http#_discovering_references
import { lineOf, PktLineReader } from './pkt-line.ts';
import type { Repository } from './repositories.ts';

/** Reads the answer to `info/refs` as it passes: refs of versions 0 and 1, capabilities of all. */
export function readAdvertisement(repository: Repository): (chunk: Buffer) => void {
  const reader = new PktLineReader({
    data(payload) {
      const line = lineOf(payload);
      if (line.startsWith('# ') || line.startsWith('version ')) return;
      const [ref = '', capabilities] = line.split('\0');
      for (const capability of capabilities?.split(' ') ?? []) repository.readCapability(capability);
      if (ref.includes(' ')) repository.readRef(ref);
      else repository.readCapability(ref);
    },
    mark: () => undefined,
    bare: () => undefined,
  });
  return (chunk) => {
    reader.write(chunk);
  };
}
