import type { Digests, DigestAlgorithm } from './artifact.ts';
import type { Process, Undecoded } from './exchange.ts';

/** A flat list: name, value, name, value, … as they came. */
type RawHeaders = readonly string[];

/** A request as it was made, secrets and all: for this process's memory only. */
export interface ObservedRequest {
  readonly exchangeId: string;
  readonly method: string;
  readonly url: string;
  readonly headers: RawHeaders;
}

export interface ObservedResponse {
  readonly status: number;
  readonly headers: RawHeaders;
}

/** What is wanted of a body that passes. */
export interface BodyWish {
  /** Beside SHA-256, which is always computed. */
  readonly digests?: readonly HashAlgorithm[];
  /** Gets the body after content decoding, or as it is where no decoder is known for it. Must not throw, nor wait. */
  readonly sink?: (chunk: Buffer) => void;
  /** Gets it as it crosses the wire, where it has a content coding. Must not throw, nor wait. */
  readonly encodedSink?: (chunk: Buffer) => void;
}

export type HashAlgorithm = Extract<DigestAlgorithm, 'sha384' | 'sha512' | 'sha1' | 'md5'>;

export interface ObservedBody {
  /** As it crossed the wire, content-encoded or not. */
  readonly size: number;
  /** `unknown`: it ended with its connection, which over TLS anybody can end. */
  readonly complete: boolean | 'unknown';
  readonly digests: Digests;
  /** After content decoding; undefined where there was none, or it failed. */
  readonly decoded?: { readonly size: number; readonly digests: Digests };
  /** Why it failed. */
  readonly undecoded?: Undecoded;
  /** Of a body that was cut short: SHA-256 and what was wished for, of the bytes that came. */
  readonly unfinished?: ReadonlyMap<'sha256' | HashAlgorithm, RunningDigest>;
}

/** A digest that can go on with what follows. */
export interface RunningDigest {
  update(chunk: Buffer): void;
  /** In hex. To be asked once. */
  digest(): string;
}

export interface ObservedEnd {
  /** Undefined when no response head came from the upstream. */
  readonly response: ObservedBody | undefined;
  readonly process: Process | undefined;
  /** What answered passed unread, as readers take its framing differently; `response` is then not of the whole answer. */
  readonly isUnparsed?: boolean;
}

/** One exchange under observation. */
export interface Observation {
  /** Wishes for the request's body. */
  readonly requestBody?: BodyWish;
  /** Told of the final response head; answers what is wanted of its body. */
  response(head: ObservedResponse): BodyWish | undefined;
  /** Told once, after `exchange-completed` was recorded. */
  ended(end: ObservedEnd): void;
}

/** Looks at exchanges as they pass, without a say in them. */
export interface ExchangeObserver {
  observe(request: ObservedRequest): Observation | undefined;
  /** Resolves when all that it had to say is said. */
  settled(): Promise<void>;
}
