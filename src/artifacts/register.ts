import type { Artifact } from '../model/artifact.ts';
import type { RecordFact } from '../model/events.ts';
import type { Process } from '../model/exchange.ts';
import type { HashAlgorithm } from '../model/observer.ts';
import { joinRefs } from '../support/git-refs.ts';
import type { Expectations, LockStatement } from './expectations.ts';
import type { Knowledge } from './knowledge.ts';
import { formsOf, showBody, type StoredBody } from './forms.ts';
import type { Identity, Published } from './recogniser.ts';
import { sameness } from './sameness.ts';
import { canonicalUrl } from './url-view.ts';
import { judge } from './verdict.ts';
import { withoutSecrets } from './without-secrets.ts';

/** One complete body that was recognised. */
export interface Sighting extends StoredBody {
  readonly process: Process | undefined;
  /** Unredacted, from the one asked for to the one that answered. */
  readonly urls: readonly string[];
  readonly exchangeIds: readonly string[];
  readonly published: readonly Published[];
  readonly direction: Artifact['direction'];
  /** Why nothing inside the body was looked at, where something should have been. */
  readonly notExamined?: string;
  /** It came in the place of an archive: worth telling only where a lockfile or an index has something to say of it. */
  readonly isPage?: boolean;
}

interface Entry {
  readonly id: string;
  identity: Identity;
  readonly sighting: Sighting;
  exchangeIds: readonly string[];
  /** Each process that fetched it. */
  askers: readonly (Process | undefined)[];
  /** What was stated of it last, as far as that can change. */
  told: string;
}

export interface RegisterOptions {
  readonly record: RecordFact;
  readonly redactUrl: (url: string) => string;
  readonly expectations: Expectations;
  readonly knowledge: Knowledge;
  /** A lockfile, or metadata, may be read yet that speaks of what is fetched now. */
  readonly isStatementDue: () => boolean;
}

/** What is known of a body before it comes. */
interface Stated {
  readonly urls: readonly string[];
  readonly published: readonly Published[];
  readonly own: readonly HashAlgorithm[];
}

/** Beyond this many, artifacts are still stated, but no longer joined with their repetitions. */
const MAX_ENTRIES = 200_000;
const MAX_EXCHANGES = 100;
const MAX_ASKERS = 16;
/** A client may find an archive behind what begins like a page. */
const TOLD_OF_PAGES: ReadonlySet<Artifact['verdict']> = new Set(['mismatch', 'locked', 'unlocked']);
const unspoken: LockStatement = { isCovered: false, isNamed: false, digests: [] };
/** What lockfiles and indices have most, while one may be read yet. */
const statedMost = ['sha512', 'sha1'];
const hashAlgorithms: readonly HashAlgorithm[] = ['sha384', 'sha512', 'sha1', 'md5'];
const none: readonly HashAlgorithm[] = [];

/** The artifacts of a run: each once, judged by all that is known, and judged again when more becomes known. */
export class Register {
  readonly #options: RegisterOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #byKey = new Map<string, Entry[]>();
  #count = 0;

  constructor(options: RegisterOptions) {
    this.#options = options;
  }

  /** What must be computed of a body, beside SHA-256 and `own`, so that all statements about it can be compared. */
  digestsFor(identity: Identity, { urls, published, own }: Stated): readonly HashAlgorithm[] {
    const { expectations, isStatementDue } = this.#options;
    const isDue = isStatementDue();
    const { digests: locked } = expectations.about(identity, urls, 'anybody');
    const learned = this.#publishedOf(identity, urls);
    // So it is of most that comes.
    if (!isDue && own.length + locked.length + published.length + learned.length === 0) return none;
    const wanted = new Set<string>(isDue ? [...own, ...statedMost] : own);
    const want = ({ algorithm }: { algorithm: string }): unknown => wanted.add(algorithm);
    for (const list of locked) list.forEach(want);
    published.forEach(want);
    learned.forEach(want);
    return hashAlgorithms.filter((algorithm) => wanted.has(algorithm));
  }

  add(identity: Identity, sighting: Sighting): void {
    const same = sameness(identity, sighting);
    const known = this.#entries.get(same);
    if (known !== undefined) {
      known.identity = joinRefs(known.identity, identity);
      known.exchangeIds = [...new Set([...known.exchangeIds, ...sighting.exchangeIds])].slice(
        0,
        MAX_EXCHANGES,
      );
      known.askers = [...new Set([...known.askers, sighting.process])].slice(0, MAX_ASKERS);
      this.#tell(known);
      return;
    }
    const { isPage } = sighting;
    const entry = this.#entryOf(identity, sighting);
    if (isPage === true && !TOLD_OF_PAGES.has(this.#describe(entry).verdict)) return;
    this.#count += 1;
    if (this.#entries.size < MAX_ENTRIES) this.#remember(same, entry);
    this.#tell(entry);
  }

  /**
   * It was not seen as a whole: stated where a lockfile says what its bytes must be or, where it was not parsed, anything
   * does.
   */
  addMissed(identity: Identity, sighting: Sighting & Required<Pick<Sighting, 'missed'>>): void {
    const [url = ''] = sighting.urls;
    // It came as a whole too, to the same process.
    const { process } = sighting;
    if (this.#byKey.get(canonicalUrl(url))?.some(({ askers }) => askers.includes(process))) return;
    const entry = this.#entryOf(identity, sighting);
    const { verdict, expected } = this.#describe(entry);
    const isLocked = expected.some(({ source }) => source === 'lockfile');
    if (verdict !== 'not-comparable' || (sighting.missed === 'in-parts' && !isLocked)) return;
    this.#count += 1;
    this.#tell(entry);
  }

  /** More was learned about a URL or a key. */
  reconsider(key: string): void {
    for (const entry of this.#byKey.get(canonicalUrl(key)) ?? []) this.#tell(entry);
  }

  /** Another lockfile was read. */
  reconsiderAll(): void {
    for (const entry of this.#entries.values()) this.#tell(entry);
  }

  #entryOf(identity: Identity, sighting: Sighting): Entry {
    const { exchangeIds, process } = sighting;
    return { id: `a${this.#count + 1}`, identity, sighting, exchangeIds, askers: [process], told: '' };
  }

  #remember(same: string, entry: Entry): void {
    this.#entries.set(same, entry);
    for (const key of entry.identity.keys) this.#rememberBy(key, entry);
    for (const url of entry.sighting.urls) this.#rememberBy(url, entry);
  }

  #rememberBy(given: string, entry: Entry): void {
    const key = canonicalUrl(given);
    const list = this.#byKey.get(key);
    if (list === undefined) this.#byKey.set(key, [entry]);
    else if (list.at(-1) !== entry) list.push(entry);
  }

  /** States it, unless nothing has changed. */
  #tell(entry: Entry): void {
    const artifact = this.#describe(entry);
    const state = stateOf(artifact);
    if (state === entry.told) return;
    entry.told = state;
    this.#options.record({ type: 'artifact-recognised', artifact });
  }

  #describe({ id, identity, sighting, askers, exchangeIds }: Entry): Artifact {
    const { urls, inside, process, direction, notExamined } = sighting;
    const { redactUrl, expectations } = this.#options;
    const learned = this.#publishedOf(identity, urls);
    const published = learned.length === 0 ? sighting.published : [...sighting.published, ...learned];
    const { expected, verdict, reason } = judge(formsOf(sighting), {
      // What is sent is the command's own: no lockfile speaks of it.
      locked: direction === 'sent' ? unspoken : expectations.about(identity, urls, askers),
      published: withoutRepetitions(published).map(({ listedIn, ...one }) => ({
        ...{ ...one, from: redactUrl(one.from) },
        ...(listedIn === undefined ? {} : { listedIn: redactUrl(listedIn) }),
      })),
    });
    const shown = urls.map(redactUrl);
    const { class: kind, ecosystem, identifiedBy, version, commit, git } = identity;
    const { purl, name, fileName } = withoutSecrets(identity, { urls, shown });
    const { digests, size, encoded } = showBody(sighting, expected);
    // What is undefined is not written. One shape for all, as spreading parts into it would take ten times as long.
    return {
      id,
      class: kind,
      ecosystem,
      purl,
      name,
      version,
      fileName,
      identifiedBy,
      commit,
      git,
      urls: shown,
      direction,
      digests: inside === undefined ? digests : { ...digests, ...inside },
      size,
      complete: sighting.body.complete === 'unknown' ? 'unknown' : undefined,
      encoded,
      expected,
      verdict,
      reason,
      notExamined,
      exchangeIds: [...exchangeIds],
      process,
    };
  }

  #publishedOf({ keys }: Identity, urls: readonly string[]): Published[] {
    const { knowledge } = this.#options;
    const found: Published[] = [];
    for (const url of urls) found.push(...(knowledge.of(url)?.published ?? []));
    for (const key of keys) found.push(...(knowledge.of(key)?.published ?? []));
    return found;
  }
}

/** Changes with what is stated of an artifact: statements are only ever added, refuted or found in a signed list. */
function stateOf({ expected, exchangeIds, verdict }: Artifact): string {
  const results = expected.map(({ result, listedIn }) => (listedIn === undefined ? result : `${result}*`));
  return `${exchangeIds.length} ${verdict} ${results.join(' ')}`;
}

function withoutRepetitions(published: readonly Published[]): readonly Published[] {
  if (published.length < 2) return published;
  const seen = new Map<string, Published>();
  for (const one of published) seen.set([one.from, one.algorithm, one.value].join('\n'), one);
  return [...seen.values()];
}
