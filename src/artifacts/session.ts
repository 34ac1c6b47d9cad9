import type { Process } from '../model/exchange.ts';
import type { ExchangeObserver, Observation, ObservedRequest, ObservedResponse } from '../model/observer.ts';
import { joinAnswered, type Answered } from './answered.ts';
import { AnswerRecogniser, artifactOf, unknownArtifact, type Recognised } from './answer-recogniser.ts';
import { packageEcosystem } from './package-client.ts';
import { partOf, type Part } from './byte-range.ts';
import { storedForm, takesBody, type StoredForm } from './clients.ts';
import { ComingArtifact, type ArtifactPlace, type FoundOnWay } from './coming-artifact.ts';
import { Expectations } from './expectations.ts';
import { isNotExamined } from './examine/not-examined.ts';
import { followDialogue } from './follow-dialogue.ts';
import { allHeaders, headerReader } from './header-reader.ts';
import type { KeepingPlace } from './kept-body.ts';
import { KeptForms } from './kept-forms.ts';
import { Knowledge } from './knowledge.ts';
import { PartialFiles, type PartAnswer } from './partial-files.ts';
import { CollectedBody } from './publish/collected-body.ts';
import { readMetadata } from './read-metadata.ts';
import type {
  Dialogue,
  DialogueOptions,
  LargeMetadata,
  Lesson,
  Metadata,
  MetadataDocument,
  ReportNotExamined,
  Request,
} from './recogniser.ts';
import { Register } from './register.ts';
import type { SessionOptions } from './session-options.ts';
import { UnderWay } from './under-way.ts';
import { viewUrl, type UrlView } from './url-view.ts';

/** Of files in parts that were not put together. */
const partsAdvice =
  'Have the client fetch the file as a whole, or one part after the other, so that its digest can be known.';

/** Recognises the artifacts of a run in its exchanges, and states them as they are complete. */
export class ArtifactSession implements ExchangeObserver {
  readonly #options: SessionOptions;
  readonly #knowledge = new Knowledge();
  readonly #register: Register;
  /** Bodies that are opened, which others need not wait for. */
  readonly #underWay = new UnderWay();
  /** Metadata that is read: what was fetched meanwhile is named when that is known. */
  readonly #reading = new UnderWay();
  #collected = 0;
  #isKnowledgeFull = false;
  readonly #partial: PartialFiles;
  readonly #place: ArtifactPlace;
  readonly #listeners: readonly {
    readonly id: string;
    readonly listen: (request: Request) => Dialogue | undefined;
  }[];
  readonly #answers: AnswerRecogniser;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { record, redactUrl } = options;
    const expectations = new Expectations(options.lockfiles, this.#knowledge, options.command);
    const { laterLockfiles: later } = options;
    const isStatementDue = (): boolean => this.#reading.isBusy || (later?.isLooking() ?? false);
    const knowledge = this.#knowledge;
    this.#register = new Register({ record, redactUrl, expectations, knowledge, isStatementDue });
    this.#partial = new PartialFiles((name) => this.#placeOf(name));
    this.#place = {
      ...{ register: this.#register, report: this.#report },
      ...{ underWay: this.#underWay, reading: this.#reading },
    };
    later?.onLoaded((lockfile) => {
      expectations.add(lockfile);
      this.#register.reconsiderAll();
    });
    const tools = this.#createTools(expectations);
    this.#listeners = options.recognisers.flatMap(({ id, listen }) =>
      listen === undefined ? [] : [{ id, listen: listen(tools) }],
    );
    const named = options.recognisers.flatMap(({ id, recognise, follow }) => {
      const own = follow?.(tools) ?? recognise;
      return own === undefined ? [] : [{ id, recognise: own }];
    });
    this.#answers = new AnswerRecogniser(named, this.#knowledge);
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
    const ecosystem = packageEcosystem({ requestHeader: asked.header });
    for (const { id, listen } of this.#listeners) {
      // As an answer to a client of packages is nothing of another ecosystem.
      if (ecosystem !== undefined && id !== ecosystem) continue;
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
      ended: ({ response, process, isUnparsed }) => {
        if (isUnparsed === true) {
          answered?.discard();
          this.#miss(request, url, process);
        } else if (response === undefined) answered?.discard();
        else if (response.complete !== false) answered?.awaited({ response, process });
        else answered?.cut({ response, process });
      },
    };
  }

  /** What answered is not known, as it was not parsed: it may be what its URL names. */
  #miss(request: ObservedRequest, actualUrl: UrlView, process: Process | undefined): void {
    const status = 200;
    const look = this.#answers.look({ request, actualUrl, status, header: () => undefined });
    this.#expectArtifact(look(), { status, form: undefined, look })?.miss({ process, missed: 'unparsed' });
  }

  /** Resolves when all that was kept has been read, or stated to be not examined because that takes too long. */
  async settled(): Promise<void> {
    const { examiner, patienceMs } = this.#options;
    const stop = (): void => {
      examiner.close();
    };
    const timer = setTimeout(stop, patienceMs);
    this.#stateMissed();
    while (this.#reading.isBusy || this.#underWay.isBusy) {
      await this.#reading.settled();
      await this.#underWay.settled();
    }
    clearTimeout(timer);
    stop();
  }

  #stateMissed(): void {
    for (const [url, file] of this.#partial.takeMissed()) {
      const { artifact, process, exchangeIds } = file;
      if (file.isParted) {
        const subject = this.#options.redactUrl(url);
        this.#options.record({ type: 'blind-spot', kind: 'parts', subject, advice: partsAdvice, process });
      }
      // Some clients take what was cut short for the whole.
      artifact.miss({ process, exchangeIds, missed: 'in-parts' });
    }
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
    const { status } = head;
    const header = headerReader(head.headers);
    const asking = headerReader(request.headers);
    const { method, exchangeId } = request;
    this.#answers.addRedirect(actualUrl, { status, location: header('location'), exchangeId });
    if (method === 'HEAD' || !takesBody(asking, { status, header, path: actualUrl.path })) return undefined;
    const part = status === 206 ? partOf(asking, header) : 'whole';
    const look = this.#answers.look({ request, actualUrl, status, header });
    const recognised = look();
    const { recognition, way } = recognised;
    const isMetadata = recognition !== undefined && recognition.kind !== 'artifact';
    const reads =
      isMetadata && part === 'whole' && status < 300
        ? this.#read(recognition, { url: actualUrl.href, exchangeId })
        : undefined;
    const form = storedForm(asking, allHeaders(head.headers, 'content-encoding'));
    const artifact = this.#expectArtifact(recognised, { status, form, look });
    if (artifact === undefined) return reads;
    const [url = actualUrl.href] = way.urls;
    const received = this.#receive({ artifact, url, exchangeIds: way.exchangeIds, header }, part);
    return reads === undefined ? received : joinAnswered(reads, received);
  }

  /**
   * What comes while metadata is read may be named by that, also what looks like further metadata: then it is recognised
   * once more at its end. So is an artifact that was still coming when metadata had been read.
   */
  #expectArtifact(
    recognised: Recognised,
    { status, form, look }: { status: number; form: StoredForm | undefined; look: () => Recognised },
  ): ComingArtifact | undefined {
    const isAwaited = this.#reading.isBusy;
    const found = artifactOf(recognised, status)?.found ?? (isAwaited ? unknownArtifact : undefined);
    if (found === undefined) return undefined;
    const { way } = recognised;
    const known = this.#knowledge.revision;
    const isOutdated = (): boolean => isAwaited || this.#knowledge.revision !== known;
    const lookAgain = (): FoundOnWay | undefined => artifactOf(look(), status);
    return new ComingArtifact({ found, way, form, isAwaited, isOutdated, lookAgain }, this.#place);
  }

  #read(
    metadata: Metadata | MetadataDocument | LargeMetadata,
    { url, exchangeId }: { url: string; exchangeId: string },
  ): Answered {
    const learn = (lesson: Lesson): void => {
      this.#learn(lesson);
    };
    const { sink, read, discard } = readMetadata(metadata, { ...this.#placeOf(exchangeId), learn });
    const state = (result: Awaited<ReturnType<typeof read>>): void => {
      if (isNotExamined(result)) this.#report(url, result.notExamined);
    };
    return {
      wish: { sink },
      awaited: ({ response: { undecoded } }) => {
        // What was decoded in part says nothing that its client has read for certain.
        if (undecoded !== undefined && undecoded !== 'unknown-coding') {
          discard();
          return;
        }
        const result = read();
        if (result instanceof Promise)
          this.#reading.add(result.then((late) => () => { state(late); })); // prettier-ignore
        else state(result);
      },
      cut: () => {
        discard();
      },
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
    const kept = open && new KeptForms(open, this.#placeOf(exchangeIds.at(-1) ?? 'body'), form);
    return {
      wish: { digests, ...kept?.wish },
      awaited: ({ response, process }) => {
        this.#partial.forget(url, process);
        artifact.arrive({ body: response, process, kept: kept?.take(response) });
      },
      cut: (end) => {
        this.#partial.cut(answer, end, kept?.continueWire());
      },
      discard: () => kept?.discard(),
    };
  }
}
