type Header = (name: string) => string | undefined;

/** Which form of a content-encoded body a client keeps as the file. */
export type StoredForm = 'wire' | 'decoded' | 'unknown';

/** `Content-Encoding` of an answer. */
interface Coding {
  /** All of its values, as they came. */
  readonly value: string;
  /** In lower case, without those that change nothing. */
  readonly names: readonly string[];
}

interface Client {
  /** Of its `User-Agent`: a mirror cannot choose how its client calls itself. */
  readonly agent: RegExp;
  /** Whether it keeps the body of an answer with this status to what it asked for. */
  readonly takes: (status: number, path: string) => boolean;
  /** @param accepted its `Accept-Encoding` */
  readonly stores: (accepted: string | undefined, coding: Coding) => StoredForm;
}

/**
 * What is known of clients that fetch artifacts: each was tried with every coding and spelling, on a local origin.
 * docs/artifact-bodies.md has the results.
 */
const clients: readonly Client[] = [
  // It asks for files with `identity` and stores them as they come; pages of an index it decodes.
  { agent: /^pip\//, takes: isNoError, stores: (accepted) => (accepted === 'identity' ? 'wire' : 'unknown') },
  { agent: /^Debian APT-HTTP\//, takes: isSuccess, stores: () => 'wire' },
  { agent: /^Python-urllib\//, takes: isSuccess, stores: () => 'wire' },
  { agent: /^Wget\//, takes: (status) => isSuccess(status) || status === 300, stores: () => 'wire' },
  {
    agent: /^curl\//,
    // Without `--fail`.
    takes: () => true,
    stores(accepted, { names }) {
      if (accepted === undefined) return 'wire';
      // The list of `--compressed`, of what it was built with; another one was written by hand, and undoes nothing.
      const undone = /^deflate, gzip\b/.test(accepted) ? [...accepted.split(', '), 'x-gzip'] : [];
      return isEvery(names, undone) ? 'decoded' : 'unknown';
    },
  },
  {
    agent: /^cargo[ /]/,
    takes: isOk,
    stores: (accepted, { names }) =>
      accepted !== undefined && isEvery(names, byZlib) ? 'decoded' : 'unknown',
  },
  {
    agent: /^Go-http-client\//,
    // Other programs call themselves so too.
    takes: (status, path) => (path.includes('/@v/') ? isOk(status) : isNoError(status)),
    // Its transport undoes one gzip that it has asked for itself, and nothing else.
    stores: (accepted, { value }) => (accepted === 'gzip' && /^gzip$/i.test(value) ? 'decoded' : 'wire'),
  },
  {
    agent: /^Apache-Maven\/3/,
    takes: isOk,
    stores: (_, { names }) => (isEvery(names, byZlib) ? 'decoded' : 'unknown'),
  },
  {
    agent: /^npm\//,
    takes: (status) => status < 400,
    stores: (_, { value }) => (/^(?:(?:x-)?gzip|deflate|br)$/.test(value) ? 'decoded' : 'wire'),
  },
];

const byZlib = ['gzip', 'x-gzip', 'deflate'];

function isEvery(names: readonly string[], known: readonly string[]): boolean {
  return names.every((name) => known.includes(name));
}

function isOk(status: number): boolean {
  return status === 200;
}

function isSuccess(status: number): boolean {
  return status < 300;
}

function isNoError(status: number): boolean {
  return status < 400 || status >= 600;
}

/** Those that clients follow; what else has a `Location` is for some of them the answer itself. */
const redirects: readonly number[] = [301, 302, 303, 307, 308];

interface FinalAnswer {
  readonly status: number;
  readonly header: Header;
  /** Of the request. */
  readonly path: string;
}

/** Whether the client keeps the body of an answer, as far as its head tells. */
export function takesBody(request: Header, { status, header, path }: FinalAnswer): boolean {
  // All of them take this one, and nearly all answers are.
  if (status === 200) return true;
  if (status < 200 || status === 204 || status === 304) return false;
  if (redirects.includes(status) && header('location') !== undefined) return false;
  return (clientOf(request)?.takes ?? isNoError)(status, path);
}

/** The form that a client stores of an answer with these values of `Content-Encoding`; undefined where it has no coding. */
export function storedForm(request: Header, values: readonly string[]): StoredForm | undefined {
  if (values.length === 0) return undefined;
  const value = values.join(', ');
  const names = value
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  if (names.length === 0) return undefined;
  const form = clientOf(request)?.stores(request('accept-encoding'), { value, names }) ?? 'unknown';
  // Of several header lines some clients see the first one only.
  return values.length > 1 && form === 'decoded' ? 'unknown' : form;
}

function clientOf(request: Header): Client | undefined {
  const agent = request('user-agent') ?? '';
  return clients.find((client) => client.agent.test(agent));
}
