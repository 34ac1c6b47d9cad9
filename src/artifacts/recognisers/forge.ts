// https://git-scm.com/docs/git-archive (the commit in the archive), https://docs.github.com/en/repositories
import { createGunzip } from 'node:zlib';
import { buildPurl } from '../purl.ts';
import type { Asked, Found, Identity, Recogniser, Recognition, Refinement } from '../recogniser.ts';
import { isPage } from '../page.ts';
import { withoutQuery } from '../url-view.ts';

const HEAD_BYTES = 64 * 1024;
const releasePath = /^\/([^/]+)\/([^/]+)\/releases\/(?:download\/(.+)|latest\/download)\/([^/]+)$/;
const archivePaths = [
  /^\/([^/]+)\/([^/]+)\/archive\/(?:refs\/(?:heads|tags)\/)?(.+)\.(tar\.gz|zip)$/,
  /^\/([^/]+)\/([^/]+)\/(?:legacy\.)?(?:tar\.gz|zip)\/(?:refs\/(?:heads|tags)\/)?(.+?)()$/,
  /^\/(?:api\/v\d\/)?repos\/([^/]+)\/([^/]+)\/(?:tarball|zipball)(?:\/(.+?))?()$/,
  /^\/((?:(?!\/-\/archive\/).)+)\/([^/]+)\/-\/archive\/(.+)\/[^/]+\.(tar\.gz|zip)$/,
];
/** All of them have one of these. */
const archiveSign = /archive|tar|zip/;

/** Forges: archives of a commit, and files of a release. Which forge it is, the path does not say. */
export const forge: Recogniser = {
  id: 'forge',
  recognise(asked): Recognition | undefined {
    if (asked.method !== 'GET') return undefined;
    return recogniseRelease(asked) ?? recogniseArchive(asked);
  },
};

function recogniseRelease({ url }: Asked): Found | undefined {
  const [, owner, repository, tag, fileName] = releasePath.exec(url.path) ?? [];
  if (owner === undefined || repository === undefined || fileName === undefined) return undefined;
  const identity: Identity = {
    class: 'file',
    ecosystem: 'forge',
    purl: buildPurl({
      type: 'generic',
      name: fileName,
      version: tag,
      qualifiers: { download_url: withoutQuery(url.href) },
    }),
    name: `${url.host}/${owner}/${repository}/${fileName}`,
    version: tag ?? null,
    fileName,
    identifiedBy: 'path',
    keys: [],
  };
  return { kind: 'artifact', identity };
}

function recogniseArchive({ url }: Asked): Found | undefined {
  if (!archiveSign.test(url.path)) return undefined;
  const matched = archivePaths.map((path) => path.exec(url.path)).find((match) => match !== null);
  const [, owner, repository, reference] = matched ?? [];
  if (owner === undefined || repository === undefined) return undefined;
  return {
    kind: 'artifact',
    identity: identify(url.host, { owner, repository, reference }),
    open: {
      keep: 'head',
      limit: HEAD_BYTES,
      read: async ({ bytes }) =>
        isPage(bytes) ? 'a-page' : withCommit(await readCommit(bytes), { host: url.host, owner, repository }),
    },
  };
}

function identify(
  host: string,
  { owner, repository, reference }: { owner: string; repository: string; reference: string | undefined },
): Identity {
  const name = `${host}/${owner}/${repository}`;
  return {
    class: 'archive',
    ecosystem: 'forge',
    // A branch moves: only the commit within the archive names what came.
    purl: null,
    name,
    version: reference ?? null,
    fileName: null,
    identifiedBy: 'path',
    keys: [],
  };
}

function withCommit(
  commit: string | undefined,
  { host, owner, repository }: { host: string; owner: string; repository: string },
): Refinement | undefined {
  if (commit === undefined) return undefined;
  return {
    identity: {
      commit,
      identifiedBy: 'embedded',
      purl: buildPurl({
        ...{ type: 'generic', name: repository, version: commit },
        qualifiers: { vcs_url: `git+https://${host}/${owner}/${repository}@${commit}` },
      }),
    },
    digests: { gitCommit: commit },
  };
}

/** `git archive` puts the commit into the first header of a tar, as a comment of its extended attributes. */
async function readCommit(head: Buffer): Promise<string | undefined> {
  const tar = head[0] === 0x1f && head[1] === 0x8b ? await gunzipSome(head) : head;
  if (tar.length < 1024 || String.fromCharCode(tar[156] ?? 0) !== 'g') return undefined;
  return /^\d+ comment=([0-9a-f]{40}|[0-9a-f]{64})\n/.exec(tar.toString('latin1', 512, 1024))?.[1];
}

/** As many bytes as are looked at: a few may stand for thousands of times as many. */
function gunzipSome(bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const gunzip = createGunzip();
    const finish = (): void => {
      resolve(Buffer.concat(chunks));
    };
    gunzip.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      gunzip.destroy();
      finish();
    });
    // It ends in the middle: what came until then is enough.
    gunzip.on('error', finish).on('end', finish);
    gunzip.end(bytes);
  });
}
