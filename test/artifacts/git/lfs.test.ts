import { describe, expect, it } from 'vitest';
import { randomBody, sha256 } from '../../helpers/origin/random.ts';
import { createRandom } from '../../helpers/random.ts';
import { recogniseAll, type Fed } from '../feed.ts';

const content = randomBody(5000, 'lfs');
const oid = sha256(content);
const href = `https://store.example/objects/1?signature=secret`;
const mediaType = 'application/vnd.git-lfs+json';

function batch(document: unknown, change: Partial<Fed> = {}): Fed {
  return {
    url: 'https://forge.example/o/r.git/info/lfs/objects/batch',
    method: 'POST',
    requestHeaders: { accept: mediaType },
    headers: { 'content-type': `${mediaType}; charset=utf-8` },
    body: JSON.stringify(document),
    ...change,
  };
}
const object = (actions: unknown): unknown => ({ objects: [{ oid, size: content.length, actions }] });
const download = batch(object({ download: { href } }));
const upload = batch(object({ upload: { href }, verify: { href: 'https://forge.example/verify' } }));
const fetched: Fed = { url: href, body: content };
const expected = {
  ...{ class: 'blob', ecosystem: 'lfs', purl: null, name: 'forge.example/o/r', version: `sha256:${oid}` },
  ...{ digests: { sha256: oid }, size: content.length, identifiedBy: 'index' },
};

describe('a file of git LFS', () => {
  it('is named by the batch that said its URL, and checked by its id', async () => {
    expect(await recogniseAll([download, fetched])).toMatchObject([
      { ...expected, direction: 'fetched', verdict: 'published', urls: ['https://store.example/objects/1'] },
    ]);
    // Clients take every success.
    expect(
      await recogniseAll([
        { ...download, status: 203 },
        { ...fetched, status: 226 },
      ]),
    ).toMatchObject([expected]);
    expect(await recogniseAll([download, { ...fetched, body: 'other' }])).toMatchObject([
      { version: `sha256:${oid}`, verdict: 'mismatch' },
    ]);
  });

  it('keeps its name through a redirect', async () => {
    const other = 'https://cdn.example/opaque';
    const redirect = { ...fetched, status: 302, body: '', headers: { location: other } };
    expect(await recogniseAll([download, redirect, { ...fetched, url: other }])).toMatchObject([expected]);
  });

  it('is sent where the batch asked for it', async () => {
    const put: Fed = { url: href, method: 'PUT', requestBody: content, status: 200 };
    expect(await recogniseAll([upload, put])).toMatchObject([
      { ...expected, direction: 'sent', verdict: 'published' },
    ]);
    expect(await recogniseAll([upload, { ...put, requestBody: 'other' }])).toMatchObject([
      { direction: 'sent', verdict: 'mismatch' },
    ]);
    for (const odd of [
      { ...put, status: 403 },
      { ...put, url: `${href}0` },
      { ...put, complete: false },
    ]) {
      expect(await recogniseAll([upload, odd])).toEqual([]);
    }
  });

  it.each<[string, Fed]>([
    ['of another type', { ...download, headers: { 'content-type': 'application/json' } }],
    ['of an error', { ...download, status: 404 }],
    ['that did not ask for one', { ...download, requestHeaders: {} }],
    ['without an action', batch(object(undefined))],
    ['without a URL', batch(object({ download: {} }))],
    ['with a URL that is none', batch(object({ download: { href: 'file:///etc/passwd' } }))],
    ['with an error for the object', batch({ objects: [{ oid, error: { code: 404 } }] })],
    ['with a strange id', batch({ objects: [{ oid: '../..', actions: { download: { href } } }] })],
    ['of another way to transfer', batch({ transfer: 'tus', ...(object({ download: { href } }) as object) })],
    ['that is no JSON', { ...download, body: '{"objects": [}' }],
    ['of odd JSON', batch([{ objects: 7 }])],
    ['of odd objects', batch({ objects: [null, 1, 'x', [], { actions: 3 }] })],
  ])('is not known by a batch %s', async (_name, exchange) => {
    expect(await recogniseAll([exchange, fetched])).toEqual([]);
  });

  it('is none for a part of it', async () => {
    expect(
      await recogniseAll([download, { ...fetched, status: 206, requestHeaders: { range: 'bytes=0-99' } }]),
    ).toEqual([]);
  });

  it('is never taken from random bytes', async () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = createRandom(seed);
      const text = Buffer.from(download.body ?? '');
      for (let times = 0; times < 4; times += 1) {
        text[Math.floor(random() * text.length)] = Math.floor(random() * 256);
      }
      const artifacts = await recogniseAll([{ ...download, body: text }, fetched]);
      for (const { verdict, name } of artifacts) {
        expect(['published', 'mismatch']).toContain(verdict);
        expect(name).toBe('forge.example/o/r');
      }
    }
  });
});
