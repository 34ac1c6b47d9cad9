// https://git-scm.com/docs/gitprotocol-http, https://git-scm.com/docs/gitprotocol-v2
import { readAdvertisement } from '../git/advertisement.ts';
import { describeFetch } from '../git/describe-fetch.ts';
import { describePush } from '../git/describe-push.ts';
import { examinePack } from '../git/examine-pack.ts';
import { searchFetch } from '../git/fetched-commits.ts';
import type { Place } from '../git/identify-commit.ts';
import { ReceivePackRequest, ReceivePackResponse } from '../git/push.ts';
import { Repositories, type Repository } from '../git/repositories.ts';
import { UploadPackRequest } from '../git/upload-pack-request.ts';
import { UploadPackResponse } from '../git/upload-pack-response.ts';
import type { Examine } from '../examine/examiner.ts';
import { isNotExamined } from '../examine/not-examined.ts';
import type { Concluded, Dialogue, Recogniser, Recognition } from '../recogniser.ts';
import type { UrlView } from '../url-view.ts';

const servicePath = /^(.*)\/(info\/refs|git-upload-pack|git-receive-pack)$/;
/** Of servers that are plain file servers: no file of theirs is an artifact by itself. */
const objectPath =
  /\/objects\/(?:info\/[a-z-]+|pack\/pack-[0-9a-f]{40,64}\.[a-z]+|[0-9a-f]{2}\/[0-9a-f]{38,62})$/;

/** git's smart HTTP: the commits that a fetch brought, and those that a push sent. */
export const git: Recogniser = {
  id: 'git',
  recognise({ method, url }): Recognition | undefined {
    return method === 'GET' && objectPath.test(url.path)
      ? { kind: 'metadata', limit: 0, learn: () => [] }
      : undefined;
  },
  listen({ redactUrl, lockedCommits: locked, examine }) {
    const repositories = new Repositories();
    return ({ method, url }) => {
      const matched = servicePath.exec(url.rawPath);
      if (matched === null) return undefined;
      const [, path = '', service = ''] = matched;
      const place: Place = { url: `${url.origin}${path}`, redact: redactUrl };
      const repository = repositories.at(place.url);
      if (service === 'info/refs') return method === 'GET' ? discover(repository, url) : undefined;
      if (method !== 'POST') return undefined;
      return service === 'git-upload-pack'
        ? fetch(repository, { place, locked, examine })
        : push(repository, { place, examine });
    };
  },
};

interface Fetching {
  readonly place: Place;
  readonly locked: ReadonlySet<string>;
  readonly examine: Examine;
}

type Sink = (chunk: Buffer) => void;

/** The content type tells a smart server's answer from a page under the same path. */
function onlyOf(type: string, sink: Sink): Dialogue['response'] {
  return (status, header) => {
    const stated = header('content-type')?.split(';')[0]?.trim().toLowerCase();
    return status >= 200 && status < 300 && stated === `application/x-${type}` ? sink : undefined;
  };
}

function discover(repository: Repository, url: UrlView): Dialogue | undefined {
  const service = url.query.get('service');
  if (service !== 'git-upload-pack' && service !== 'git-receive-pack') return undefined;
  return {
    response: onlyOf(`${service}-advertisement`, readAdvertisement(repository)),
    conclude: () => [],
  };
}

function fetch(repository: Repository, { place, locked, examine }: Fetching): Dialogue {
  const request = new UploadPackRequest(repository);
  const response = new UploadPackResponse(repository);
  return {
    request: request.write,
    // git reads it whatever its type; only a pack that is one says what came.
    response: (status) => (status >= 200 && status < 300 ? response.write : undefined),
    conclude({ size }) {
      const search = searchFetch(repository, { request, response, locked });
      if (search === undefined) return [];
      const refs = repository.snapshot();
      return examinePack(search.pack, { ...search, examine }, (seen): Concluded =>
        describeFetch(search.read(seen), { place, repository: refs, request, size }),
      );
    },
  };
}

function push(repository: Repository, { place, examine }: Omit<Fetching, 'locked'>): Dialogue {
  const request = new ReceivePackRequest();
  const response = new ReceivePackResponse();
  return {
    request: request.write,
    response: onlyOf('git-receive-pack-result', response.write),
    conclude() {
      const pushed = request.pushed(repository, { accepted: response.accepted(), examine });
      const describe = (refs: Awaited<typeof pushed>): Concluded =>
        isNotExamined(refs) ? refs : describePush(refs, { place, size: request.packSize });
      return pushed instanceof Promise ? pushed.then(describe) : describe(pushed);
    },
  };
}
