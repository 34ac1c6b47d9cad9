import { createHash } from 'node:crypto';
import { isNotExamined } from '../examine/not-examined.ts';
import type {
  Brought,
  CollectedOptions,
  Concluded,
  Dialogue,
  DialogueOptions,
  Identity,
  Published,
} from '../recogniser.ts';
import { readPublished, type PublishedFile, type PublishForm } from './read-published.ts';

/** Of a request that holds a package among other things; what is larger is not looked into. */
const MAX_REQUEST = 64 * 1024 * 1024;

export interface Publishing extends PublishForm {
  readonly sign?: CollectedOptions['sign'];
  readonly identify: (name: string, version: string, fileName: string) => Omit<Identity, 'identifiedBy'>;
}

/** A request that publishes packages, where its registry accepts it. */
export function receive(
  { form, contentType, sign, identify }: Publishing,
  { collect }: Pick<DialogueOptions, 'collect'>,
): Dialogue {
  const collected = collect({ limit: MAX_REQUEST, ...(sign === undefined ? {} : { sign }) });
  const bring = ({ name, version, fileName, size, sha256 }: PublishedFile): Brought => ({
    identity: { ...identify(name, version, fileName), identifiedBy: 'embedded' },
    ...{ direction: 'sent', size, digests: { sha256 } },
  });
  return {
    request: collected.write,
    response: isAccepted,
    conclude: () => {
      const body = collected.take();
      if (body === undefined || isNotExamined(body)) return body ?? [];
      const { file, bytes, examine, release } = body;
      if (file === undefined) return readPublished(bytes, { form, contentType }).map(bring);
      return examine('publish', { file, form, contentType })
        .then((files): Concluded => (isNotExamined(files) ? files : (files ?? []).map(bring)))
        .finally(release);
    },
    discard: () => {
      collected.discard();
    },
  };
}

/** A request whose body is one file and nothing else. */
export function receiveFile(identity: Identity, published: readonly Published[] = []): Dialogue {
  const hash = createHash('sha256');
  let size = 0;
  return {
    request: (chunk) => {
      hash.update(chunk);
      size += chunk.length;
    },
    response: isAccepted,
    conclude: () => [
      { identity, direction: 'sent', size, digests: { sha256: hash.digest('hex') }, published },
    ],
  };
}

const isAccepted: Dialogue['response'] = (status) =>
  status >= 200 && status < 300 ? () => undefined : undefined;
