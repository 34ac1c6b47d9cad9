import type { Served } from '../../origin/serve.ts';
import { binary, sendResource } from '../responses.ts';

/** A store of large files: `POST …/info/lfs/objects/batch`, then GET and PUT of `/lfs-objects/OID`. */
export class LfsServer {
  readonly objects = new Map<string, Buffer>();

  /** False for what is not its own. */
  handle(served: Served): boolean {
    const { request, url } = served;
    const oid = /^\/lfs-objects\/([0-9a-f]{64})$/.exec(url.pathname)?.[1];
    if (oid === undefined) {
      const isBatch = url.pathname.endsWith('/info/lfs/objects/batch');
      if (isBatch) void this.#answerBatch(served);
      return isBatch;
    }
    if (request.method === 'PUT') void this.#receive(served, oid);
    else {
      const content = this.objects.get(oid);
      sendResource(served, content === undefined ? undefined : binary(content));
    }
    return true;
  }

  async #answerBatch(served: Served): Promise<void> {
    const { response, base } = served;
    const { operation, objects } = JSON.parse((await collect(served)).toString()) as {
      operation: 'download' | 'upload';
      objects: readonly { oid: string; size: number }[];
    };
    const answered = objects.map((object) => {
      const isNeeded = operation === 'download' || !this.objects.has(object.oid);
      const action = { href: `${base}/lfs-objects/${object.oid}?token=one-time`, header: {} };
      return { ...object, authenticated: true, ...(isNeeded ? { actions: { [operation]: action } } : {}) };
    });
    response.writeHead(200, { 'content-type': 'application/vnd.git-lfs+json' });
    response.end(JSON.stringify({ transfer: 'basic', objects: answered }));
  }

  async #receive(served: Served, oid: string): Promise<void> {
    this.objects.set(oid, await collect(served));
    served.response.writeHead(200).end();
  }
}

async function collect({ request, body }: Served): Promise<Buffer> {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk)).resume();
  await body;
  return Buffer.concat(chunks);
}
