// https://git-scm.com/docs/gitprotocol-http, https://git-scm.com/docs/gitprotocol-v2
import { readAdvertisement } from '../git/advertisement.ts';
import { readFetch, type FetchedCommit } from '../git/fetched-commits.ts';
import { identifyCommit, type Place } from '../git/identify-commit.ts';
import { choosePrimary } from '../git/primary-commit.ts';
import { ReceivePackRequest, ReceivePackResponse, type PushedRef } from '../git/push.ts';
import { Repositories, type Ref, type Repository } from '../git/repositories.ts';
import { UploadPackRequest } from '../git/upload-pack-request.ts';
import { UploadPackResponse } from '../git/upload-pack-response.ts';
import type { Brought, Dialogue, Recogniser, Recognition } from '../recogniser.ts';
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
  listen({ redactUrl }) {
    const repositories = new Repositories();
    return ({ method, url }) => {
      const [, path, service] = servicePath.exec(url.rawPath) ?? [];
      if (path === undefined || service === undefined) return undefined;
      const place = placeOf(url, path, redactUrl);
      const repository = repositories.at(place.url);
      if (service === 'info/refs') return method === 'GET' ? discover(repository, url) : undefined;
      if (method !== 'POST') return undefined;
      return service === 'git-upload-pack' ? fetch(repository, place) : push(repository, place);
    };
  },
};

function placeOf(url: UrlView, path: string, redactUrl: (url: string) => string): Place {
  const own = `${url.origin}${path}`;
  return { url: own, redacted: redactUrl(own) };
}

type Sink = (chunk: Buffer) => void;

/** The content type tells a smart server's answer from a page under the same path. */
function onlyOf(type: string, sink: Sink): Dialogue['response'] {
  return (status, header) => {
    const stated = header('content-type')?.split(';')[0]?.trim().toLowerCase();
    return status === 200 && stated === `application/x-${type}` ? sink : undefined;
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

function fetch(repository: Repository, place: Place): Dialogue {
  const request = new UploadPackRequest(repository);
  const response = new UploadPackResponse(repository);
  return {
    request: request.write,
    response: onlyOf('git-upload-pack-result', response.write),
    conclude({ size }): Brought[] {
      const fetched = readFetch(repository, { request, response });
      if (fetched === undefined) return [];
      const primary = choosePrimary(repository, fetched.commits);
      const { depth, filter } = request;
      const how = { ...(depth === undefined ? {} : { depth }), ...(filter === undefined ? {} : { filter }) };
      return fetched.commits
        .filter((commit) => primary === undefined || commit === primary || commit.refs.length === 0)
        .map((commit, index): Brought => {
          const others = commit === primary ? fetched.refs : [];
          const refs = listRefs([...commit.refs, ...others], repository);
          const about = { ...how, refs, version: tagName(commit), isSeen: commit.isSeen };
          return {
            identity: identifyCommit(place, commit.commit, about),
            direction: 'fetched',
            // One pack has them all.
            size: index === 0 ? size : 0,
            digests: { gitCommit: commit.commit },
          };
        });
    },
  };
}

/** The branch that HEAD is comes first; HEAD itself is told only where it is none. */
function listRefs(refs: readonly Ref[], repository: Repository): { name: string; object: string }[] {
  const isRedundant = ({ name }: Ref): boolean => name === 'HEAD' && repository.headBranch !== undefined;
  const isFirst = ({ name }: Ref): boolean => name === repository.headBranch;
  const listed = [...new Set(refs)].filter((ref) => !isRedundant(ref));
  const first =
    listed[0] === undefined ? [] : listed.filter((ref) => isFirst(ref) && ref.object === listed[0]?.object);
  return [...first, ...listed.filter((ref) => !first.includes(ref))].map(({ name, object }) => ({
    name,
    object,
  }));
}

/** Undefined where a branch, too, or another tag may have been meant. */
function tagName({ refs, tagName: own }: FetchedCommit): string | undefined {
  const [only, ...others] = refs;
  if (only === undefined || others.length > 0) return own;
  return only.name.startsWith('refs/tags/') ? only.name.slice('refs/tags/'.length) : undefined;
}

function push(repository: Repository, place: Place): Dialogue {
  const request = new ReceivePackRequest();
  const response = new ReceivePackResponse();
  return {
    request: request.write,
    response: onlyOf('git-receive-pack-result', response.write),
    conclude(): Brought[] {
      const byCommit = new Map<string, PushedRef[]>();
      for (const ref of request.pushed(repository, response.accepted())) {
        byCommit.set(ref.commit, [...(byCommit.get(ref.commit) ?? []), ref]);
      }
      return [...byCommit].map(([commit, pushed], index): Brought => {
        const refs = pushed.map(({ name, object, before }) => ({
          ...{ name, object },
          ...(before === undefined ? {} : { before }),
        }));
        const about = { refs, version: undefined, isSeen: pushed.some(({ isSeen }) => isSeen) };
        return {
          identity: identifyCommit(place, commit, about),
          direction: 'sent',
          size: index === 0 ? request.packSize : 0,
          digests: { gitCommit: commit },
        };
      });
    },
  };
}
