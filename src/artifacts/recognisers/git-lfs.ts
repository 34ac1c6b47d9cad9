// https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md, …/docs/api/basic-transfers.md
import { sourceOfBytes } from '../examine/byte-source.ts';
import { pickJson, type Picked } from '../examine/pick-json.ts';
import { objectOf, textOf } from '../json.ts';
import { nameOf } from '../git/identify-commit.ts';
import { receiveFile } from '../publish/receive.ts';
import type { Dialogue, DialogueOptions, Identity, Published, Recogniser } from '../recogniser.ts';
import { viewUrl, type UrlView } from '../url-view.ts';

/** Clients ask for 100 objects at once, of which each takes a few KB at the most. It is read on this thread. */
const MAX_BATCH = 1024 * 1024;
const MAX_UPLOADS = 100_000;
const batchPath = /^(.*?)(?:\/info\/lfs)?\/objects\/batch$/;
const batchType = /^application\/vnd\.git-lfs\+json\b/i;

const action = { members: { href: 'text' } } as const;
const object = {
  members: { oid: 'text', actions: { members: { download: action, upload: action } } },
} as const;
const shape = { members: { transfer: 'text', objects: { items: object } } } as const;

type LfsObject = Omit<Identity, 'identifiedBy'> & { readonly oid: string; readonly from: string };

/** Large files of git: the answer to a batch says which URL has which bytes, to be fetched or to be sent there. */
export const gitLfs: Recogniser = {
  id: 'git-lfs',
  listen(options) {
    const uploads = new Map<string, LfsObject>();
    return ({ method, url, header }) => {
      if (method === 'POST' && batchType.test(header('accept') ?? '')) {
        const [, path] = batchPath.exec(url.rawPath) ?? [];
        return path === undefined ? undefined : readBatch(url, path, { ...options, uploads });
      }
      const uploaded = method === 'PUT' ? uploads.get(url.href) : undefined;
      return uploaded === undefined
        ? undefined
        : receiveFile({ ...uploaded, identifiedBy: 'index' }, published(uploaded));
    };
  },
};

interface BatchOptions extends DialogueOptions {
  readonly uploads: Map<string, LfsObject>;
}

function readBatch(url: UrlView, path: string, { learn, redactUrl, uploads }: BatchOptions): Dialogue {
  const name = nameOf({ url: `${url.origin}${path}`, redact: redactUrl });
  const body = new JsonBody((document) => {
    for (const { object, download, upload } of listObjects(document, name, url.href)) {
      if (download !== undefined) learn({ key: download, identity: object, published: published(object) });
      if (upload !== undefined && uploads.size < MAX_UPLOADS) uploads.set(upload, object);
    }
  });
  return {
    response: (status, header) =>
      status >= 200 && status < 300 && batchType.test(header('content-type') ?? '') ? body.write : undefined,
    conclude() {
      body.end();
      return [];
    },
  };
}

/** Reads a document with its last byte: the client asks for what it names before the exchange is known to have ended. */
class JsonBody {
  readonly #read: (document: Picked) => void;
  #chunks: Buffer[] = [];
  #size = 0;
  #attemptsLeft = 10;

  constructor(read: (document: Picked) => void) {
    this.#read = read;
  }

  readonly write = (chunk: Buffer): void => {
    this.#size += chunk.length;
    if (this.#size > MAX_BATCH) this.#chunks = [];
    else this.#chunks.push(chunk);
    if (/\}\s*$/.test(chunk.toString('latin1', Math.max(0, chunk.length - 16)))) this.end();
  };

  end(): void {
    if (this.#attemptsLeft <= 0) return;
    this.#attemptsLeft -= 1;
    const document = pickJson(sourceOfBytes(Buffer.concat(this.#chunks)), shape);
    if (document === undefined) return;
    this.#attemptsLeft = 0;
    this.#read(document);
  }
}

interface Transfer {
  readonly object: LfsObject;
  readonly download: string | undefined;
  readonly upload: string | undefined;
}

function listObjects(document: Picked, name: string, from: string): Transfer[] {
  const transfer = textOf(document['transfer']) ?? 'basic';
  const objects: unknown = document['objects'];
  if (transfer !== 'basic' || !Array.isArray(objects)) return [];
  return objects.flatMap((value: unknown): Transfer[] => {
    const described = objectOf(value);
    const oid = textOf(described?.['oid']);
    if (oid === undefined || !/^[0-9a-f]{64}$/.test(oid)) return [];
    const actions = objectOf(described?.['actions']);
    const urlOf = (action: string): string | undefined => {
      const href = textOf(objectOf(actions?.[action])?.['href']);
      return href === undefined ? undefined : viewUrl(href, from)?.href;
    };
    const object: LfsObject = {
      ...{ class: 'blob', ecosystem: 'lfs', purl: null, name, version: `sha256:${oid}`, fileName: null },
      ...{ keys: [`lfs:${oid}`], oid, from },
    };
    return [{ object, download: urlOf('download'), upload: urlOf('upload') }];
  });
}

function published({ oid, from }: LfsObject): Published[] {
  return [{ source: 'index', from, algorithm: 'sha256', value: oid }];
}
