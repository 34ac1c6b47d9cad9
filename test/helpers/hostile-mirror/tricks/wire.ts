import { createHash } from 'node:crypto';
import { redirect, type Reply } from '../reply.ts';
import { onFile, onRegistry, withReply, type Plays, type Trick } from '../trick.ts';

const digest = (algorithm: string, content: Buffer, form: 'hex' | 'base64'): string =>
  createHash(algorithm).update(content).digest(form);

const evil = (change: Omit<Reply, 'body'>): Plays => onFile((stage) => ({ body: stage.evil, ...change }));
const headed = (...headers: (readonly [string, string])[]): Plays => evil({ headers });

const bytesTricks: readonly Trick[] = [
  {
    id: 'honest',
    kind: 'bytes',
    says: 'nothing: the good file',
    plays: onRegistry(({ stage, honest }) => honest({ file: stage.good })),
    inCi: ['pip', 'npm'],
  },
  {
    id: 'swapped',
    kind: 'bytes',
    says: 'the evil file, with an index that states its digest',
    plays: onRegistry(({ stage, honest }) => honest({ file: stage.evil })),
    inCi: ['pip', 'npm'],
  },
  {
    id: 'swapped-behind-index',
    kind: 'bytes',
    says: 'the evil file, with an index that states the good digest',
    plays: onRegistry(({ stage, honest }) => honest({ file: stage.evil, listed: stage.good })),
  },
  {
    id: 'index-lies-about-good',
    kind: 'bytes',
    says: 'the good file, with an index that states the evil digest',
    plays: onRegistry(({ stage, honest }) => honest({ file: stage.good, listed: stage.evil })),
  },
  {
    id: 'good-then-evil',
    kind: 'archive',
    says: 'the good file, and the evil one after it',
    plays: onFile((stage) => ({ body: Buffer.concat([stage.good, stage.evil]) })),
    inCi: ['pip'],
  },
  {
    id: 'evil-then-good',
    kind: 'archive',
    says: 'the evil file, and the good one after it',
    plays: onFile((stage) => ({ body: Buffer.concat([stage.evil, stage.good]) })),
  },
  {
    id: 'trailing-byte',
    kind: 'archive',
    says: 'the evil file and one more byte',
    plays: onFile((stage) => ({ body: Buffer.concat([stage.evil, Buffer.from('x')]) })),
  },
  {
    id: 'leading-page',
    kind: 'archive',
    says: 'a page of HTML, and the evil file after it',
    plays: onFile((stage) => ({
      body: Buffer.concat([Buffer.from('<!DOCTYPE html><html></html>\n'), stage.evil]),
    })),
    untold: ['mvn'],
  },
  {
    id: 'one-then-other',
    kind: 'bytes',
    says: 'the good file to who asks first, the evil one from then on',
    plays: onRegistry(({ stage, honest }) => {
      const registry = honest({ file: stage.evil });
      registry.set(stage.file, ({ method, before }) => ({
        body: before === 0 && method === 'HEAD' ? stage.good : stage.evil,
      }));
      return registry;
    }),
  },
];

const statusTricks: readonly Trick[] = [
  ...[201, 202, 203, 206, 226, 299].map((status): Trick => ({
    id: `status-${status}`,
    kind: 'status',
    says: `the evil file with status ${status}`,
    plays: evil({ status }),
    ...(status === 203 ? { inCi: ['pip', 'npm'] } : {}),
  })),
  {
    id: 'range-of-all',
    kind: 'status',
    says: 'the evil file as a 206 that covers all of it',
    plays: onFile((stage) => ({
      status: 206,
      headers: [['Content-Range', `bytes 0-${stage.evil.length - 1}/${stage.evil.length}`]],
      body: stage.evil,
    })),
  },
  {
    id: 'not-modified',
    kind: 'status',
    says: '304 to who has nothing',
    plays: onFile(() => ({ status: 304, headers: [['ETag', '"x"']], body: '' })),
  },
  {
    id: 'interim',
    kind: 'status',
    says: '103 Early Hints, then the evil file',
    plays: onFile((stage) => ({
      interim: 'HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n',
      body: stage.evil,
    })),
  },
];

const framingTricks: readonly Trick[] = [
  { id: 'chunked', kind: 'framing', says: 'the evil file in chunks', plays: evil({ framing: 'chunked' }) },
  {
    id: 'until-close',
    kind: 'framing',
    says: 'the evil file, ended by the end of the connection',
    plays: evil({ framing: 'until-close' }),
    inCi: ['npm'],
  },
  {
    id: 'longer-than-said',
    kind: 'framing',
    says: 'the good file by its length, and the evil one behind it',
    plays: onFile((stage) => ({ length: stage.good.length, body: Buffer.concat([stage.good, stage.evil]) })),
  },
  {
    id: 'shorter-than-said',
    kind: 'framing',
    says: 'the evil file, with a length that is never reached',
    plays: onFile((stage) => ({ length: stage.evil.length + 100, body: stage.evil })),
  },
];

const headerTricks: readonly Trick[] = [
  {
    id: 'type-html',
    kind: 'header',
    says: 'the evil file as text/html',
    plays: headed(['Content-Type', 'text/html']),
    inCi: ['pip'],
  },
  {
    id: 'type-json',
    kind: 'header',
    says: 'the evil file as application/json',
    plays: headed(['Content-Type', 'application/json']),
    inCi: ['npm'],
  },
  {
    id: 'disposition',
    kind: 'header',
    says: 'a Content-Disposition that names another file',
    plays: headed(['Content-Disposition', 'attachment; filename="index.html"']),
  },
  {
    id: 'location-beside-200',
    kind: 'header',
    says: 'the evil file with a Location and a Content-Location of the good one',
    plays: headed(['Location', '/good'], ['Content-Location', '/good']),
  },
  {
    id: 'header-digests',
    kind: 'header',
    says: 'headers that state the digests of the good file',
    plays: onFile((stage) => ({
      headers: [
        ['X-Checksum-Sha1', digest('sha1', stage.good, 'hex')],
        ['Content-MD5', digest('md5', stage.good, 'base64')],
        ['Repr-Digest', `sha-256=:${digest('sha256', stage.good, 'base64')}:`],
        ['Docker-Content-Digest', `sha256:${digest('sha256', stage.good, 'hex')}`],
        ['ETag', `"{SHA1{${digest('sha1', stage.good, 'hex')}}}"`],
      ],
      body: stage.evil,
    })),
  },
];

const elsewhere = '/blob/0123456789abcdef';
/** The file leads to another place, which has the evil one. */
const led = (to: string, status?: number): Plays =>
  onRegistry(({ stage, base, honest }) => {
    const registry = honest({
      ...withReply(stage, { body: stage.evil }),
      file: redirect(`${base}${to}`, status),
    });
    registry.set(to, { body: stage.evil });
    return registry;
  });

const redirectTricks: readonly Trick[] = [
  {
    id: 'redirect',
    kind: 'redirect',
    says: 'a redirect to a place without a name',
    plays: led(elsewhere),
  },
  { id: 'redirect-307', kind: 'redirect', says: 'the same by 307', plays: led(elsewhere, 307) },
  {
    id: 'redirect-to-page-name',
    kind: 'redirect',
    says: 'a redirect to a file that is called a page',
    plays: led('/index.html'),
  },
  {
    id: 'redirect-to-archive',
    kind: 'redirect',
    says: 'a redirect to what looks like an archive of a forge',
    plays: led('/owner/demo/archive/refs/tags/v1.tar.gz'),
  },
  {
    id: 'redirect-to-git-object',
    kind: 'redirect',
    says: 'a redirect to what looks like an object of git',
    plays: led('/repository.git/objects/01/23456789012345678901234567890123456789'),
  },
  {
    id: 'redirect-to-tile',
    kind: 'redirect',
    says: 'a redirect to what looks like a tile of a checksum database',
    plays: led('/tile/8/0/001'),
  },
  {
    id: 'redirect-to-sidecar',
    kind: 'redirect',
    says: 'a redirect to what looks like a sidecar',
    plays: led('/maven/test/twin/x/1.0/x-1.0.jar.sha1'),
  },
];

export const wireTricks: readonly Trick[] = [
  ...bytesTricks,
  ...statusTricks,
  ...framingTricks,
  ...headerTricks,
  ...redirectTricks,
];
