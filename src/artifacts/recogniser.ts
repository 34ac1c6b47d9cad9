import type { Artifact, DigestAlgorithm, Digests, ExpectedDigest, LockedEntry } from '../model/artifact.ts';
import type { HashAlgorithm, ObservedBody } from '../model/observer.ts';
import type { Examine } from './examine/examiner.ts';
import type { NotExamined } from './examine/not-examined.ts';
import type { UrlView } from './url-view.ts';

/** An answered request, as a recogniser sees it: unredacted, and never stored. */
export interface Asked {
  readonly method: string;
  /** What was asked for first, where redirects led here. */
  readonly url: UrlView;
  /** What answered: the same, but for redirects. */
  readonly actualUrl: UrlView;
  readonly status: number;
  /** The first value of a header of the request, by lower-case name: what the client says, and no mirror. */
  readonly requestHeader: (name: string) => string | undefined;
  /** The first value of a header of the response, by lower-case name. */
  readonly header: (name: string) => string | undefined;
  /** What was learned about the URL that answered, or the one asked for. */
  readonly learned: Learned | undefined;
}

export interface Identity extends Pick<
  Artifact,
  'class' | 'ecosystem' | 'purl' | 'name' | 'version' | 'fileName' | 'identifiedBy' | 'git'
> {
  readonly commit?: string;
  /**
   * Under which statements about it are looked up, beside its URLs: `npm:name@version`, … The first one is the identity
   * that lockfiles are searched for.
   */
  readonly keys: readonly string[];
  /** Names by which others call the same bytes. */
  readonly otherNames?: readonly OtherName[];
}

/** A client may store bytes under any name that it was given for them: a lockfile must agree with each. */
export interface OtherName {
  readonly key: string;
  readonly fileName: string | null;
}

/** A digest that the traffic of this run itself stated. */
export interface Published {
  readonly source: Exclude<ExpectedDigest['source'], 'lockfile'>;
  /** Absolute URL of what stated it; redacted before it is stored. */
  readonly from: string;
  readonly algorithm: DigestAlgorithm;
  readonly value: string;
  /** False where it is of other bytes than the body's, or is itself refuted. */
  readonly comparable?: boolean;
  /** Absolute URL of a list, made to be signed, that states the digest of `from`, which had it. */
  readonly listedIn?: string;
  /** Key of the artifact that `from` is: a lockfile that accounts for that one accounts for this one. */
  readonly by?: string;
}

/** What metadata teaches: about an absolute URL (as key), or about a key of an identity. */
export interface Lesson {
  readonly key: string;
  readonly identity?: Omit<Identity, 'identifiedBy'>;
  readonly published?: readonly Published[];
}

export interface Learned {
  /** What metadata said last that it is. */
  readonly identity: Omit<Identity, 'identifiedBy'> | undefined;
  /** All that metadata said it is: more than one where it contradicts itself. */
  readonly names: readonly OtherName[];
  readonly published: readonly Published[];
}

/** The URL named a short thing that is about artifacts: at most `limit` bytes, decoded, of `INLINE_BYTES`; 0 is not read. */
export interface Metadata {
  readonly kind: 'metadata';
  readonly limit: number;
  /** Never throws on odd input. */
  readonly learn: (body: Buffer) => Lesson[];
}

/** A document about artifacts, of any length up to `limit` bytes, decoded. `createDocument` makes one. */
export interface MetadataDocument {
  readonly kind: 'document';
  readonly limit: number;
  /** Never throws on odd input. */
  readonly examine: (
    body: Kept,
    learn: (lesson: Lesson) => void,
  ) => NotExamined | Promise<NotExamined | undefined> | undefined;
}

/** Metadata that is too large for memory: it lies in a file, of `limit` bytes at most. */
export interface LargeMetadata {
  readonly kind: 'index';
  readonly limit: number;
  /** May move the file, within its directory, which goes with the run; else it is removed afterwards. */
  readonly study: (file: string) => void;
}

/** The body is an artifact. */
export interface Found {
  readonly kind: 'artifact';
  readonly identity: Identity;
  readonly direction?: Artifact['direction'];
  /** Stated by URL or headers. */
  readonly published?: readonly Published[];
  /** Digests that no expectation asks for but that name it. */
  readonly digests?: readonly HashAlgorithm[];
  /** What of the body must be looked into for its identity, or for a digest of its contents. */
  readonly open?: Opening;
}

export interface Opening {
  /** `head`: the first `limit` bytes; `whole`: nothing when it is larger; `spool`: the same, always on disk. */
  readonly keep: 'head' | 'whole' | 'spool';
  readonly limit: number;
  /**
   * Undefined leaves the identity as it is; `not-an-artifact` withdraws it, `a-page` unless a digest is stated that its
   * bytes should have had. Never throws on odd input.
   */
  readonly read: (body: Kept) => Refinement | Promise<Refinement | undefined> | undefined;
}

export interface Kept {
  /** Of `head`, and of `whole` where it is no longer than `INLINE_BYTES`. */
  readonly bytes: Buffer;
  /** Of `spool`, and of `whole` where it is longer; removed after `read`. */
  readonly file: string | undefined;
  readonly examine: Examine;
}

export interface TakenBody extends Kept {
  /** Removes the file. */
  readonly release: () => void;
}

export type Refinement =
  | 'not-an-artifact'
  | 'a-page'
  | NotExamined
  | {
      readonly identity?: Partial<Identity>;
      /** Digests of what is inside. */
      readonly digests?: Readonly<Partial<Record<DigestAlgorithm, string>>>;
      /** What the traffic so far stated of it. */
      readonly published?: readonly Published[];
      /** More artifacts that this one exchange brought. */
      readonly also?: readonly Identity[];
    };

export type Recognition = Metadata | MetadataDocument | LargeMetadata | Found;

/** A request of a protocol in which requests say what their responses mean. */
export interface Request {
  readonly method: string;
  readonly url: UrlView;
  /** The first value of a header, by lower-case name. */
  readonly header: (name: string) => string | undefined;
}

/** One exchange of such a protocol: both bodies are read as they pass, after content decoding. */
export interface Dialogue {
  /** Must not throw, nor wait; likewise the sink of the response's body. */
  readonly request?: (chunk: Buffer) => void;
  /** Where the response's body goes; undefined when the response is of no interest, which ends the dialogue. */
  readonly response: (status: number, header: Request['header']) => ((chunk: Buffer) => void) | undefined;
  /** What it brought, asked once all of the response has passed. Never throws on odd input. */
  readonly conclude: (response: ObservedBody) => Concluded | Promise<Concluded>;
  /** In place of `conclude`, where not all of a response came or it is of no interest. */
  readonly discard?: () => void;
}

export type Concluded = readonly Brought[] | NotExamined;

/** An artifact that is a part of what passed. */
export interface Brought {
  readonly identity: Identity;
  readonly direction: Artifact['direction'];
  readonly size: number;
  readonly digests: Digests;
  readonly published?: readonly Published[];
}

export interface DialogueOptions {
  readonly redactUrl: (url: string) => string;
  readonly learn: (lesson: Lesson) => void;
  /** Commits that lockfiles name. */
  readonly lockedCommits: ReadonlySet<string>;
  /** Entries of lockfiles that name their files, by ecosystem and file name: `pypi:x-1.0.tar.gz`. */
  readonly lockedFiles: ReadonlyMap<string, Pick<LockedEntry, 'name' | 'version'>>;
  readonly examine: Examine;
  /** States that what came from a URL was not looked into. */
  readonly report: ReportNotExamined;
  /** Keeps the body of a request as it passes. */
  readonly collect: (options: CollectedOptions) => Collected;
}

export interface CollectedOptions {
  /** In bytes. */
  readonly limit: number;
  /** What the first `within` bytes must hold for the rest to be worth keeping. */
  readonly sign?: { readonly text: string; readonly within: number };
}

/** The body of a request, as it is kept. */
export interface Collected {
  readonly write: (chunk: Buffer) => void;
  /** Undefined where it was let go of. */
  readonly take: () => TakenBody | NotExamined | undefined;
  readonly discard: () => void;
}

/** @param url unredacted; it is redacted before it is stored */
export type ReportNotExamined = (url: string, reason: string) => void;

/** One per ecosystem, and one line in `recognisers/index.ts`. */
export interface Recogniser {
  readonly id: string;
  /** What an answered request brings; undefined where it is none of its own. Total: never throws on odd input. */
  readonly recognise?: (asked: Asked) => Recognition | undefined;
  /** Called once a session, in place of `recognise`: what the function answers may depend on what it was told before. */
  readonly follow?: (options: DialogueOptions) => NonNullable<Recogniser['recognise']>;
  /** Called once a session, so that one exchange can explain another; what it returns is called for every request. */
  readonly listen?: (options: DialogueOptions) => (request: Request) => Dialogue | undefined;
}
