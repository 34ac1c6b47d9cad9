import type { Artifact } from '../../model/artifact.ts';
import { buildPurl } from '../purl.ts';
import type { Asked, Identity, Recogniser, Recognition } from '../recogniser.ts';

const HEAD_BYTES = 512;
const fileNames: readonly (readonly [RegExp, Artifact['class']])[] = [
  [
    /\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz|zip|7z|rar|gz|bz2|xz|zst|jar|iso|img|dmg|pkg|msi|cab|rpm|apk|whl|gem|nupkg)$/i,
    'archive',
  ],
  [/\.(?:sh|bash|zsh|ps1|bat|cmd)$/i, 'script'],
  [/\.(?:exe|dll|so|dylib|wasm|AppImage|bin|safetensors|gguf|onnx)$/i, 'binary'],
];
/** Indices of distributions are compressed files too, and no artifacts. */
const indexPath =
  /\/(?:dists|repodata|by-hash)\/|\/(?:Packages|Sources|Contents-[\w-]+|Translation-\w+|APKINDEX|repodata|specs\.4\.8|maven-metadata)\.[\w.]+$/;
/** What opens a page is no download. */
const pageTypes =
  /^(?:text\/html|application\/(?:[\w.+-]*\+)?json|text\/css|application\/xml|text\/xml|image\/)/i;

/** Archives, programs and scripts of no ecosystem, by what their bytes are. */
export const generic: Recogniser = {
  id: 'generic',
  recognise(asked): Recognition | undefined {
    if (asked.method !== 'GET') return undefined;
    if (indexPath.test(asked.url.path)) return undefined;
    const fileName = nameOf(asked);
    const named = fileNames.find(([pattern]) => pattern.test(fileName))?.[1];
    if (named === undefined && pageTypes.test(asked.header('content-type') ?? '')) return undefined;
    return {
      kind: 'artifact',
      identity: identify(asked, fileName, named ?? 'file'),
      open: {
        keep: 'head',
        limit: HEAD_BYTES,
        read: ({ bytes }) => {
          const kind = classify(bytes);
          // The name of a file alone is not worth a claim.
          return kind === undefined ? 'not-an-artifact' : { identity: { class: kind } };
        },
      },
    };
  },
};

function identify({ url }: Asked, fileName: string, kind: Artifact['class']): Identity {
  const name = fileName === '' ? url.host : fileName;
  return {
    class: kind,
    ecosystem: 'generic',
    purl: buildPurl({ type: 'generic', name, qualifiers: { download_url: withoutQuery(url.href) } }),
    name,
    version: null,
    fileName: fileName === '' ? null : fileName,
    identifiedBy: 'guess',
    keys: [],
  };
}

function nameOf({ header, url }: Asked): string {
  const disposition = header('content-disposition') ?? '';
  const [, quoted, plain] = /\bfilename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(disposition) ?? [];
  const name = quoted ?? plain ?? url.fileName;
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
}

function withoutQuery(href: string): string {
  return href.split('?')[0] ?? href;
}

const magic: readonly (readonly [string, number, Artifact['class']])[] = [
  ['1f8b08', 0, 'archive'],
  ['504b0304', 0, 'archive'],
  ['425a68', 0, 'archive'],
  ['fd377a585a00', 0, 'archive'],
  ['28b52ffd', 0, 'archive'],
  ['377abcaf271c', 0, 'archive'],
  ['7573746172', 257, 'archive'],
  ['213c617263683e0a', 0, 'archive'],
  ['edabeedb', 0, 'archive'],
  ['7f454c46', 0, 'binary'],
  ['4d5a', 0, 'binary'],
  ['cffaedfe', 0, 'binary'],
  ['feedface', 0, 'binary'],
  ['feedfacf', 0, 'binary'],
  ['cafebabe', 0, 'binary'],
  ['0061736d', 0, 'binary'],
];

function classify(head: Buffer): Artifact['class'] | undefined {
  if (
    /^#!\s*\/[^\n]*\b(?:sh|bash|dash|zsh|ksh|fish|python|perl|ruby|node|env)/.test(
      head.toString('latin1', 0, 128),
    )
  ) {
    return 'script';
  }
  return magic.find(([hex, at]) => head.toString('hex', at, at + hex.length / 2) === hex)?.[2];
}
