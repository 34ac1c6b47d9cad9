import type { RecordFact } from '../model/events.ts';
import type {
  BodyWish,
  ExchangeObserver,
  Observation,
  ObservedEnd,
  ObservedRequest,
  ObservedResponse,
} from '../model/observer.ts';
import { partOf, type Part } from './byte-range.ts';
import { storedForm, takesBody } from './clients.ts';
import { ComingArtifact, type ArtifactPlace } from './coming-artifact.ts';
import { Expectations, type LaterLockfiles, type LoadedLockfile } from './expectations.ts';
import { describeAsked, type Answer } from './describe-asked.ts';
import { followDialogue } from './follow-dialogue.ts';
import { followWay, type Way } from './follow-way.ts';
import { allHeaders, headerReader } from './header-reader.ts';
import { KeptForms } from './kept-forms.ts';
import { Knowledge } from './knowledge.ts';
import { namelessPackage, packageEcosystem } from './package-client.ts';
import { PartialFiles, type PartAnswer } from './partial-files.ts';
import { readMetadata } from './read-metadata.ts';
import type {
  Asked,
  Dialogue,
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
import { provenByBytes } from './unless-page.ts';
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

/** Of files in parts that were not put together. */
const partsAdvice =
  'Have the client fetch the file as a whole, or one part after the other, so that its digest can be known.';

/** What one exchange waits for until it has ended. */
interface Answered {
  readonly wish: BodyWish;
  /** Of a response that came whole. */
  readonly awaited: (end: Ended) => void;
  /** In place of `awaited` where it was cut short. */
  readonly cut: (end: Ended) => void;
  /** In place of both where there is nothing to go on with. */
  readonly discard: () => void;
}

type Ended = ObservedEnd & { readonly response: NonNullable<ObservedEnd['response']> };

/** Recognises the artifacts of a run in its exchanges, and states them as they are complete. */
export class ArtifactSession implements ExchangeObserver {
  readonly #options: SessionOptions;
  readonly #knowledge = new Knowledge();
  readonly #redirects = new Redirects();
  readonly #register: Register;
  readonly #underWay = new UnderWay();
  readonly #partial: PartialFiles;
  readonly #place: ArtifactPlace;
  readonly #listeners: readonly ((request: Request) => Dialogue | undefined)[];
  readonly #recognisers: readonly {
    readonly id: string;
    readonly recognise: NonNullable<Recogniser['recognise']>;
  }[];

  constructor(options: SessionOptions) {
    this.#options = options;
    const { record, redactUrl } = options;
    const expectations = new Expectations(options.lockfiles, this.#knowledge, options.command);
    const { laterLockfiles: later } = options;
    const isLockfileDue = (): boolean => later?.isLooking() ?? false;
    const knowledge = this.#knowledge;
    this.#register = new Register({ record, redactUrl, expectations, knowledge, isLockfileDue });
    const { directory } = options;
    this.#partial = new PartialFiles(directory);
    this.#place = { register: this.#register, underWay: this.#underWay, directory };
    later?.onLoaded((lockfile) => {
      expectations.add(lockfile);
      this.#register.reconsiderAll();
    });
    const learn = (lesson: Lesson): void => {
      this.#learn(lesson);
    };
    const tools = { redactUrl, learn, lockedCommits: expectations.commits, lockedFiles: expectations.files };
    this.#listeners = options.recognisers.flatMap(({ listen }) => listen?.(tools) ?? []);
    this.#recognisers = options.recognisers.flatMap(({ id, recognise, follow }) => {
      const own = follow?.(tools) ?? recognise;
      return own === undefined ? [] : [{ id, recognise: own }];
    });
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
        if (response === undefined) answered?.discard();
        else if (response.complete) answered?.awaited({ response, process });
        else answered?.cut({ response, process });
      },
    };
  }

  /** Resolves when all that was spooled has been read. */
  async settled(): Promise<void> {
    for (const [url, file] of this.#partial.takeMissed()) {
      const { artifact, process, exchangeIds } = file;
      if (file.isParted) {
        const subject = this.#options.redactUrl(url);
        this.#options.record({ type: 'blind-spot', kind: 'parts', subject, advice: partsAdvice, process });
      }
      // Some clients take what was cut short for the whole.
      artifact.miss(process, exchangeIds);
    }
    await this.#underWay.settled();
  }

  #learn(lesson: Lesson): void {
    this.#knowledge.learn(lesson);
    this.#register.reconsider(lesson.key);
  }

  #answer(request: ObservedRequest, actualUrl: UrlView, head: ObservedResponse): Answered | undefined {
    const { status } = head;
    const header = headerReader(head.headers);
    const asking = headerReader(request.headers);
    const { method, exchangeId } = request;
    this.#redirect(actualUrl, { status, location: header('location'), exchangeId });
    if (method === 'HEAD' || !takesBody(asking, { status, header, path: actualUrl.path })) return undefined;
    const part = status === 206 ? partOf(asking, header) : 'whole';
    const start = part === 'whole' ? head.start : undefined;
    const recognised = this.#recogniseAnswer({ request, actualUrl, status, header, start });
    if (recognised === undefined) return undefined;
    const { recognition, way } = recognised;
    if (recognition.kind !== 'artifact') {
      return part === 'whole' && status < 300 ? this.#read(recognition, exchangeId) : undefined;
    }
    const found = status < 400 ? recognition : provenByBytes(recognition);
    const form = storedForm(asking, allHeaders(head.headers, 'content-encoding'));
    const artifact = new ComingArtifact({ found, way, form }, this.#place);
    const [url = actualUrl.href] = way.urls;
    return this.#receive({ artifact, url, exchangeIds: way.exchangeIds, header }, part);
  }

  #redirect(
    from: UrlView,
    { status, location, exchangeId }: { status: number; location: string | undefined; exchangeId: string },
  ): void {
    if (status < 300 || status >= 400 || location === undefined) return;
    const to = viewUrl(location, from.href);
    if (to !== undefined) this.#redirects.remember(from.href, to.href, exchangeId);
  }

  #recogniseAnswer(answer: Answer): ReturnType<typeof followWay> {
    const { href } = answer.actualUrl;
    const direct: Way = { urls: [href], exchangeIds: [answer.request.exchangeId] };
    const recognised = followWay(this.#redirects.leadingTo(href), direct, (way) =>
      this.#recognise(describeAsked(answer, way, this.#knowledge)),
    );
    this.#redirects.follow(href);
    return recognised;
  }

  #recognise(asked: Asked): Recognition | undefined {
    const ecosystem = packageEcosystem(asked);
    for (const { id, recognise } of this.#recognisers) {
      // A client of packages takes nothing for another ecosystem's, however its URL looks.
      if (ecosystem !== undefined && id !== ecosystem && id !== 'forge') continue;
      const recognition = recognise(asked);
      if (recognition !== undefined) return withLearned(recognition, asked.learned);
    }
    const nameless = ecosystem === undefined ? undefined : namelessPackage(asked, ecosystem);
    return withLearned(nameless, asked.learned);
  }

  #read(metadata: Metadata | LargeMetadata, exchangeId: string): Answered {
    const { directory } = this.#options;
    const learn = (lesson: Lesson): void => {
      this.#learn(lesson);
    };
    const { sink, read, discard } = readMetadata(metadata, { directory, name: exchangeId, learn });
    return {
      wish: { sink },
      // What was decoded in part says nothing that its client has read for certain.
      awaited: ({ response: { undecoded } }) => {
        if (undecoded === undefined || undecoded === 'unknown-coding') read();
        else discard();
      },
      cut: discard,
      discard,
    };
  }

  #receive(answer: PartAnswer, part: Part): Answered {
    const { artifact, url, exchangeIds } = answer;
    if (part !== 'whole') {
      const { wish, ended } = this.#partial.follow(answer, part);
      return { wish, awaited: ended, cut: ended, discard: () => undefined };
    }
    const {
      found: { open },
      form,
      digests,
    } = artifact;
    const { directory } = this.#options;
    const kept =
      open === undefined
        ? undefined
        : new KeptForms(open, { directory, name: exchangeIds.at(-1) ?? 'body', form });
    return {
      wish: { digests, ...kept?.wish },
      awaited: ({ response, process }) => {
        this.#partial.forget(url);
        artifact.arrive({ body: response, process, kept: kept?.take(response) });
      },
      cut: (end) => {
        this.#partial.cut(answer, end, kept?.continueWire());
      },
      discard: () => kept?.discard(),
    };
  }
}
