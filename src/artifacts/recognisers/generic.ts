import type { Artifact } from '../../model/artifact.ts';
import { buildPurl } from '../purl.ts';
import type { Asked, Identity, Recogniser, Recognition } from '../recogniser.ts';
import { withoutQuery } from '../url-view.ts';

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
    // What a POST brings is not what its URL stands for, yet it may be a program all the same.
    if (asked.method !== 'GET' && asked.method !== 'POST') return undefined;
    // The name of a file alone is not worth a claim.
    if (indexPath.test(asked.url.path)) return undefined;
    const fileName = nameOf(asked);
    const named = fileName.includes('.')
      ? fileNames.find(([pattern]) => pattern.test(fileName))?.[1]
      : undefined;
    if (named === undefined && pageTypes.test(asked.header('content-type') ?? '')) return undefined;
    return {
      kind: 'artifact',
      identity: identify(asked, fileName, named ?? 'file'),
      open: {
        keep: 'head',
        limit: HEAD_BYTES,
        read: ({ bytes }) => {
          const kind = classify(bytes);
          if (kind === undefined) return 'not-an-artifact';
          return {
            identity: { class: kind, purl: asked.method === 'GET' ? nameDownload(asked, fileName) : null },
          };
        },
      },
    };
  },
};

function identify({ url }: Asked, fileName: string, kind: Artifact['class']): Identity {
  return {
    class: kind,
    ecosystem: 'generic',
    purl: null,
    name: fileName === '' ? url.host : fileName,
    version: null,
    fileName: fileName === '' ? null : fileName,
    identifiedBy: 'guess',
    keys: [],
  };
}

function nameDownload({ url }: Asked, fileName: string): string | null {
  const name = fileName === '' ? url.host : fileName;
  return buildPurl({ type: 'generic', name, qualifiers: { download_url: withoutQuery(url.href) } });
}

function nameOf({ header, url }: Asked): string {
  const disposition = header('content-disposition') ?? '';
  const [, quoted, plain] = /\bfilename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(disposition) ?? [];
  const name = quoted ?? plain ?? url.fileName;
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
}

const magic: readonly (readonly [Buffer, number, Artifact['class']])[] = [
  [Buffer.from('1f8b08', 'hex'), 0, 'archive'],
  [Buffer.from('504b0304', 'hex'), 0, 'archive'],
  [Buffer.from('fd377a585a00', 'hex'), 0, 'archive'],
  [Buffer.from('28b52ffd', 'hex'), 0, 'archive'],
  [Buffer.from('377abcaf271c', 'hex'), 0, 'archive'],
  [Buffer.from('7573746172', 'hex'), 257, 'archive'],
  [Buffer.from('213c617263683e0a', 'hex'), 0, 'archive'],
  [Buffer.from('edabeedb', 'hex'), 0, 'archive'],
  [Buffer.from('7f454c46', 'hex'), 0, 'binary'],
  [Buffer.from('cffaedfe', 'hex'), 0, 'binary'],
  [Buffer.from('feedface', 'hex'), 0, 'binary'],
  [Buffer.from('feedfacf', 'hex'), 0, 'binary'],
  [Buffer.from('cafebabe', 'hex'), 0, 'binary'],
  [Buffer.from('0061736d', 'hex'), 0, 'binary'],
];

const INTERPRETER = /^#!\s*\/[^\n]*\b(?:sh|bash|dash|zsh|ksh|fish|python|perl|ruby|node|env)/;

const BZIP2 = /^BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)/;

/** https://learn.microsoft.com/windows/win32/debug/pe-format: at its beginning is where its own header is. */
function isWindowsProgram(head: Buffer): boolean {
  if (head[1] !== 0x5a || head.length < 64) return false;
  const at = head.readUInt32LE(60);
  if (at < 64 || at > 4096) return false;
  return at + 4 > HEAD_BYTES || head.toString('latin1', at, at + 4) === 'PE\0\0';
}

/** @param head of it, `HEAD_BYTES` are looked at */
function classify(head: Buffer): Artifact['class'] | undefined {
  // Two or three letters alone begin other things too.
  if (head[0] === 0x42) return BZIP2.test(head.toString('latin1', 0, 10)) ? 'archive' : undefined;
  if (head[0] === 0x4d) return isWindowsProgram(head) ? 'binary' : undefined;
  if (head[0] === 0x23 && INTERPRETER.test(head.toString('latin1', 0, 128))) return 'script';
  // The first byte tells most apart: every body that nobody knows passes here.
  return magic.find(
    ([bytes, at]) => head[at] === bytes[0] && head.subarray(at, at + bytes.length).equals(bytes),
  )?.[2];
}
