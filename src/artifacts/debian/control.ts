// https://manpages.debian.org/deb.5, https://manpages.debian.org/deb-control.5
import { decompress } from '../decompress.ts';
import { readFromTar } from '../tar.ts';
import { readAr } from './ar.ts';
import { plainField, readChecksums } from './fields.ts';
import { StanzaReader, type Stanza } from './stanzas.ts';

const MAX_CONTROL = 1024 * 1024;
const MAX_TAR = 32 * 1024 * 1024;
const names = new Set(['./control', 'control']);
const fields = new Set(['package', 'source', 'version', 'architecture', 'checksums-sha256']);

/** What a binary package says of itself. */
export interface Control {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/** True for what begins as a Debian package does. */
export function isDeb(head: Buffer): boolean {
  return readAr(head)[0]?.name === 'debian-binary';
}

/** Reads the control file of a package of which the beginning is there; undefined where it cannot be read. */
export async function readControl(head: Buffer): Promise<Control | undefined> {
  const member = readAr(head).find(({ name }) => /^control\.tar(?:\.\w+)?$/.test(name));
  if (member === undefined) return undefined;
  const tar = decompress(inPieces(member.content));
  const control = await readFromTar(tar, { names, limit: MAX_CONTROL, most: MAX_TAR });
  const stanza = control === undefined ? undefined : readStanza(control);
  const name = plainField(stanza?.get('package'), 'name');
  const version = plainField(stanza?.get('version'), 'version');
  const architecture = plainField(stanza?.get('architecture'), 'architecture');
  if (name === undefined || version === undefined || architecture === undefined) return undefined;
  return { name, version, architecture };
}

/** What a source package says of itself, and of its other files. */
export interface SourceDescription {
  readonly name: string;
  readonly version: string;
  readonly files: readonly { readonly file: string; readonly sha256: string }[];
}

/** Reads a `.dsc` file; undefined for what is none. https://manpages.debian.org/dsc.5 */
export function readDescription(text: Buffer): SourceDescription | undefined {
  const stanza = readStanza(text);
  const name = plainField(stanza?.get('source'), 'name');
  const version = plainField(stanza?.get('version'), 'version');
  if (name === undefined || version === undefined) return undefined;
  return { name, version, files: readChecksums(stanza?.get('checksums-sha256') ?? '') };
}

/** The first paragraph with a version: a signed source description has the message's armour before. */
function readStanza(text: Buffer): Stanza | undefined {
  const stanzas: Stanza[] = [];
  const reader = new StanzaReader({ fields, tell: (stanza) => stanzas.push(stanza) });
  reader.write(text);
  reader.end();
  return stanzas.find((stanza) => stanza.has('version'));
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
