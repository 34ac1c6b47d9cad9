import type { RecordFact } from '../model/events.ts';
import type {
  BodyWish,
  ExchangeObserver,
  Observation,
  ObservedEnd,
  ObservedRequest,
  ObservedResponse,
} from '../model/observer.ts';
import { addOpened } from './add-opened.ts';
import { Expectations, type LaterLockfiles, type LoadedLockfile } from './expectations.ts';
import { describeAsked } from './describe-asked.ts';
import { followDialogue } from './follow-dialogue.ts';
import { followWay, type Way } from './follow-way.ts';
import { headerReader } from './header-reader.ts';
import { KeptBody } from './kept-body.ts';
import { Knowledge } from './knowledge.ts';
import { readMetadata } from './read-metadata.ts';
import type {
  Asked,
  Dialogue,
  Found,
  LargeMetadata,
  Lesson,
  Metadata,
  Recogniser,
  Recognition,
  Request,
} from './recogniser.ts';
import { Redirects } from './redirects.ts';
import { Register } from './register.ts';
import { UnderWay } from './under-way.ts';
import { viewUrl, type UrlView } from './url-view.ts';
import { withLearned } from './with-learned.ts';

export interface SessionOptions {
  readonly record: RecordFact;
  readonly redactUrl: (url: string) => string;
  readonly lockfiles: readonly LoadedLockfile[];
  /** That of the run. */
  readonly command?: readonly string[] | undefined;
  readonly laterLockfiles?: LaterLockfiles | undefined;
  /** Private to us; bodies that must be opened are spooled there for as long as that takes. */
  readonly directory: string;
  readonly recognisers: readonly Recogniser[];
}

/** What one exchange waits for until it has ended. */
interface Answered {
  readonly wish: BodyWish;
  readonly awaited: (end: ObservedEnd & { readonly response: NonNullable<ObservedEnd['response']> }) => void;
  /** In place of `awaited` where the response was cut short. */
  readonly discard: () => void;
}

/** Recognises the artifacts of a run in its exchanges, and states them as they are complete. */
export class ArtifactSession implements ExchangeObserver {
  readonly #options: SessionOptions;
  readonly #knowledge = new Knowledge();
  readonly #redirects = new Redirects();
  readonly #register: Register;
  readonly #underWay = new UnderWay();
  readonly #listeners: readonly ((request: Request) => Dialogue | undefined)[];
  readonly #recognisers: readonly NonNullable<Recogniser['recognise']>[];

  constructor(options: SessionOptions) {
    this.#options = options;
    const { record, redactUrl } = options;
    const expectations = new Expectations(options.lockfiles, this.#knowledge, options.command);
    const { laterLockfiles: later } = options;
    const isLockfileDue = (): boolean => later?.isLooking() ?? false;
    const knowledge = this.#knowledge;
    this.#register = new Register({ record, redactUrl, expectations, knowledge, isLockfileDue });
    later?.onLoaded((lockfile) => {
      expectations.add(lockfile);
      this.#register.reconsiderAll();
    });
    const learn = (lesson: Lesson): void => {
      this.#learn(lesson);
    };
    const tools = { redactUrl, learn, lockedCommits: expectations.commits, lockedFiles: expectations.files };
    this.#listeners = options.recognisers.flatMap(({ listen }) => listen?.(tools) ?? []);
    this.#recognisers = options.recognisers.flatMap(
      ({ recognise, follow }) => follow?.(tools) ?? recognise ?? [],
    );
  }

  observe(request: ObservedRequest): Observation | undefined {
    const url = viewUrl(request.url);
    if (url === undefined) return undefined;
    const asked = { method: request.method, url, header: headerReader(request.headers) };
    for (const listen of this.#listeners) {
      const dialogue = listen(asked);
      if (dialogue === undefined) continue;
      const { exchangeId } = request;
      return followDialogue(dialogue, { url: url.href, exchangeId, register: this.#register });
    }
    let answered: Answered | undefined;
    return {
      response: (head) => {
        answered = this.#answer(request, url, head);
        return answered?.wish;
      },
      ended: ({ response, process }) => {
        if (response?.complete === true) answered?.awaited({ response, process });
        else answered?.discard();
      },
    };
  }

  /** Resolves when all that was spooled has been read. */
  settled(): Promise<void> {
    return this.#underWay.settled();
  }

  #learn(lesson: Lesson): void {
    this.#knowledge.learn(lesson);
    this.#register.reconsider(lesson.key);
  }

  #answer(request: ObservedRequest, actualUrl: UrlView, head: ObservedResponse): Answered | undefined {
    const header = headerReader(head.headers);
    const { method, exchangeId } = request;
    if (head.status >= 300 && head.status < 400) {
      const to = viewUrl(header('location') ?? '', actualUrl.href);
      if (to !== undefined) this.#redirects.remember(actualUrl.href, to.href, exchangeId);
      return undefined;
    }
    if (head.status !== 200 || method === 'HEAD') return undefined;
    const direct: Way = { urls: [actualUrl.href], exchangeIds: [exchangeId] };
    const chain = this.#redirects.leadingTo(actualUrl.href);
    const answer = { request, actualUrl, status: head.status, header, start: head.start };
    const recognised = followWay(chain, direct, (way) =>
      this.#recognise(describeAsked(answer, way, this.#knowledge)),
    );
    this.#redirects.follow(actualUrl.href);
    if (recognised === undefined) return undefined;
    const { recognition, way } = recognised;
    return recognition.kind === 'artifact'
      ? this.#find(recognition, way)
      : this.#read(recognition, exchangeId);
  }

  #recognise(asked: Asked): Recognition | undefined {
    for (const recognise of this.#recognisers) {
      const recognition = recognise(asked);
      if (recognition !== undefined) return withLearned(recognition, asked.learned);
    }
    return withLearned(undefined, asked.learned);
  }

  #read(metadata: Metadata | LargeMetadata, exchangeId: string): Answered {
    const { directory } = this.#options;
    const learn = (lesson: Lesson): void => {
      this.#learn(lesson);
    };
    const { sink, read, discard } = readMetadata(metadata, { directory, name: exchangeId, learn });
    return { wish: { sink }, awaited: read, discard };
  }

  #find(found: Found, { urls, exchangeIds }: Way): Answered {
    const { open, identity } = found;
    const kept =
      open === undefined
        ? undefined
        : new KeptBody(open, this.#options.directory, exchangeIds.at(-1) ?? 'body');
    const { published = [], digests: own = [] } = found;
    const digests = this.#register.digestsFor(identity, { urls, published, own });
    return {
      wish: { digests, ...(kept === undefined ? {} : { sink: kept.write }) },
      awaited: ({ response, process }) => {
        const { direction = 'fetched', published: stated = [] } = found;
        const sighting = { body: response, process, urls, exchangeIds, published: stated, direction };
        const body = open === undefined ? undefined : kept?.take();
        if (open === undefined || body === undefined) {
          this.#register.add(identity, sighting);
          return;
        }
        const work = addOpened(body, open, { identity, sighting, register: this.#register });
        if (work !== undefined) this.#underWay.add(work);
      },
      discard: () => kept?.discard(),
    };
  }
}
