import type {
  BodyWish,
  ExchangeObserver,
  Observation,
  ObservedEnd,
  ObservedRequest,
  ObservedResponse,
} from '../model/observer.ts';
import { addOpened, refine } from './add-opened.ts';
import { Expectations } from './expectations.ts';
import { describeAsked } from './describe-asked.ts';
import { isNotExamined } from './examine/not-examined.ts';
import { fitBody } from './fitted-body.ts';
import { followDialogue } from './follow-dialogue.ts';
import { followWay, type Way } from './follow-way.ts';
import { headerReader } from './header-reader.ts';
import { KeptBody, type KeepingPlace } from './kept-body.ts';
import { Knowledge } from './knowledge.ts';
import { CollectedBody } from './publish/collected-body.ts';
import { readMetadata } from './read-metadata.ts';
import type {
  Asked,
  Dialogue,
  DialogueOptions,
  Found,
  Identity,
  LargeMetadata,
  Lesson,
  Metadata,
  MetadataDocument,
  Recogniser,
  Recognition,
  ReportNotExamined,
  Request,
} from './recogniser.ts';
import { Redirects } from './redirects.ts';
import { Register } from './register.ts';
import type { SessionOptions } from './session-options.ts';
import { UnderWay } from './under-way.ts';
import { unlessPage } from './unless-page.ts';
import { viewUrl, type UrlView } from './url-view.ts';
import { withLearned } from './with-learned.ts';

interface Recognised {
  readonly recognition: Recognition;
  readonly way: Way;
}

type BodyOfFound = ReturnType<KeptBody['take']>;
type CompleteEnd = ObservedEnd & { readonly response: NonNullable<ObservedEnd['response']> };

/** What one exchange waits for until it has ended. */
interface Answered {
  readonly wish: BodyWish;
  readonly awaited: (end: CompleteEnd) => void;
  /** In place of `awaited` where the response was cut short. */
  readonly discard: () => void;
}

/** Recognises the artifacts of a run in its exchanges, and states them as they are complete. */
export class ArtifactSession implements ExchangeObserver {
  readonly #options: SessionOptions;
  readonly #knowledge = new Knowledge();
  readonly #redirects = new Redirects();
  readonly #register: Register;
  /** Bodies that are opened, which others need not wait for. */
  readonly #underWay = new UnderWay();
  /** Metadata that is read: what was fetched meanwhile is named when that is known. */
  readonly #reading = new UnderWay();
  #collected = 0;
  #isKnowledgeFull = false;
  readonly #listeners: readonly ((request: Request) => Dialogue | undefined)[];
  readonly #recognisers: readonly NonNullable<Recogniser['recognise']>[];

  constructor(options: SessionOptions) {
    this.#options = options;
    const { record, redactUrl } = options;
    const expectations = new Expectations(options.lockfiles, this.#knowledge);
    const { laterLockfiles: later } = options;
    const isStatementDue = (): boolean => this.#reading.isBusy || (later?.isLooking() ?? false);
    const knowledge = this.#knowledge;
    this.#register = new Register({ record, redactUrl, expectations, knowledge, isStatementDue });
    later?.onLoaded((lockfile) => {
      expectations.add(lockfile);
      this.#register.reconsiderAll();
    });
    const tools = this.#createTools(expectations);
    this.#listeners = options.recognisers.flatMap(({ listen }) => listen?.(tools) ?? []);
    this.#recognisers = options.recognisers.flatMap(
      ({ recognise, follow }) => follow?.(tools) ?? recognise ?? [],
    );
  }

  #createTools({ commits: lockedCommits, files: lockedFiles }: Expectations): DialogueOptions {
    const { redactUrl, examiner } = this.#options;
    const learn = (lesson: Lesson): void => {
      this.#learn(lesson);
    };
    const collect: DialogueOptions['collect'] = (collecting) =>
      new CollectedBody(collecting, this.#placeOf(`sent-${(this.#collected += 1)}`));
    const { examine } = examiner;
    return { redactUrl, learn, lockedCommits, lockedFiles, examine, report: this.#report, collect };
  }

  observe(request: ObservedRequest): Observation | undefined {
    const url = viewUrl(request.url);
    if (url === undefined) return undefined;
    const asked = { method: request.method, url, header: headerReader(request.headers) };
    for (const listen of this.#listeners) {
      const dialogue = listen(asked);
      if (dialogue === undefined) continue;
      const { exchangeId } = request;
      return followDialogue(dialogue, {
        ...{ url: url.href, exchangeId, register: this.#register },
        ...{ underWay: this.#underWay, report: this.#report },
      });
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

  /** Resolves when all that was kept has been read, or stated to be not examined because that takes too long. */
  async settled(): Promise<void> {
    const { examiner, patienceMs } = this.#options;
    const stop = (): void => {
      examiner.close();
    };
    const timer = setTimeout(stop, patienceMs);
    while (this.#reading.isBusy || this.#underWay.isBusy) {
      await this.#reading.settled();
      await this.#underWay.settled();
    }
    clearTimeout(timer);
    stop();
  }

  readonly #report: ReportNotExamined = (url, reason) => {
    const { record, redactUrl } = this.#options;
    record({ type: 'blind-spot', kind: 'not-examined', subject: redactUrl(url), advice: reason });
  };

  #placeOf(name: string): KeepingPlace {
    const { directory, examiner } = this.#options;
    return { directory, name, examiner };
  }

  #learn(lesson: Lesson): void {
    if (this.#knowledge.learn(lesson)) this.#register.reconsider(lesson.key);
    else if (!this.#isKnowledgeFull) {
      this.#isKnowledgeFull = true;
      this.#report(
        lesson.published?.[0]?.from ?? lesson.key,
        'it and what came before name more files than are kept',
      );
    }
  }

  #answer(request: ObservedRequest, actualUrl: UrlView, head: ObservedResponse): Answered | undefined {
    const header = headerReader(head.headers);
    const { method, exchangeId } = request;
    this.#followRedirect(head.status, { from: actualUrl.href, to: header('location') ?? '', exchangeId });
    if (head.status !== 200 || method === 'HEAD') return undefined;
    const direct: Way = { urls: [actualUrl.href], exchangeIds: [exchangeId] };
    const chain = this.#redirects.leadingTo(actualUrl.href);
    const answer = { request, actualUrl, status: head.status, header, start: head.start };
    const look = (): Recognised | undefined =>
      followWay(chain, direct, (way) => this.#recognise(describeAsked(answer, way, this.#knowledge)));
    const recognised = look();
    this.#redirects.follow(actualUrl.href);
    const { recognition, way } = recognised ?? {};
    if (recognition !== undefined && recognition.kind !== 'artifact') {
      return this.#read(recognition, { url: actualUrl.href, exchangeId });
    }
    if (this.#reading.isBusy) return this.#findLater(recognition, { look, way: way ?? direct });
    return recognition === undefined ? undefined : this.#find(recognition, way ?? direct);
  }

  #followRedirect(
    status: number,
    { from, to, exchangeId }: { from: string; to: string; exchangeId: string },
  ): void {
    const next = status >= 300 && status < 400 ? viewUrl(to, from) : undefined;
    if (next !== undefined) this.#redirects.remember(from, next.href, exchangeId);
  }

  #recognise(asked: Asked): Recognition | undefined {
    for (const recognise of this.#recognisers) {
      const recognition = recognise(asked);
      if (recognition !== undefined) return withLearned(recognition, asked.learned);
    }
    return withLearned(undefined, asked.learned);
  }

  #read(
    metadata: Metadata | MetadataDocument | LargeMetadata,
    { url, exchangeId }: { url: string; exchangeId: string },
  ): Answered {
    const learn = (lesson: Lesson): void => {
      this.#learn(lesson);
    };
    const { sink, read, discard } = readMetadata(metadata, { ...this.#placeOf(exchangeId), learn });
    const state = (result: ReturnType<typeof read>): void => {
      if (isNotExamined(result)) this.#report(url, result.notExamined);
    };
    const awaited = (): void => {
      const result = read();
      if (result instanceof Promise)
        this.#reading.add(result.then((late) => () => { state(late); })); // prettier-ignore
      else state(result);
    };
    return { wish: { sink }, awaited, discard };
  }

  #find(found: Found, way: Way): Answered {
    return this.#keep(found, way, (end, body) => {
      this.#state(found, { way, end, body });
    });
  }

  /** Of what is answered while metadata is read: what that says of it is known at the end only. */
  #findLater(
    first: Found | undefined,
    { look, way }: { look: () => Recognised | undefined; way: Way },
  ): Answered {
    const expected = first ?? { identity: nothing, open: unlessPage };
    return this.#keep(expected, way, (end, body) => {
      this.#reading.add(
        Promise.resolve(() => {
          const found = look();
          const recognition = found?.recognition.kind === 'artifact' ? found.recognition : undefined;
          const opened = fitBody(body, expected.open, recognition?.open);
          if (recognition !== undefined)
            this.#state(recognition, { way: found?.way ?? way, end, body: opened });
        }),
      );
    });
  }

  #keep(
    { open, identity, published = [], digests: own = [] }: Omit<Found, 'kind'>,
    { urls, exchangeIds }: Way,
    state: (end: CompleteEnd, body: BodyOfFound | undefined) => void,
  ): Answered {
    const kept = open && new KeptBody(open, this.#placeOf(exchangeIds.at(-1) ?? 'body'));
    const digests = this.#register.digestsFor(identity, { urls, published, own });
    return {
      wish: { digests, ...(kept === undefined ? {} : { sink: kept.write }) },
      awaited: (end) => {
        state(end, kept?.take());
      },
      discard: () => kept?.discard(),
    };
  }

  #state(
    found: Found,
    { way, end, body }: { way: Way; end: CompleteEnd; body: BodyOfFound | undefined },
  ): void {
    const { direction = 'fetched', published = [], identity, open } = found;
    const { response, process } = end;
    const sighting = { body: response, process, ...way, published, direction };
    const opened = { identity, sighting, register: this.#register, report: this.#report };
    if (open === undefined || body === undefined) {
      refine(undefined, opened);
      return;
    }
    if (isNotExamined(body)) {
      refine(body, opened);
      return;
    }
    const work = addOpened(body, open, opened);
    if (work !== undefined) this.#underWay.add(work);
  }
}

/** Of what nothing is known yet. */
const nothing: Identity = {
  ...{ class: 'file', ecosystem: 'generic', purl: null, name: '', version: null, fileName: null },
  ...{ identifiedBy: 'guess', keys: [] },
};
