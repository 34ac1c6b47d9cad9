import { describeAsked, type Answer } from './describe-asked.ts';
import { followWay, type Way } from './follow-way.ts';
import type { Knowledge } from './knowledge.ts';
import { namelessPackage, packageEcosystem } from './package-client.ts';
import type { Asked, Found, Identity, Recogniser, Recognition } from './recogniser.ts';
import { Redirects } from './redirects.ts';
import { provenByBytes, unlessPage } from './unless-page.ts';
import { viewUrl, type UrlView } from './url-view.ts';
import { withLearned } from './with-learned.ts';

/** The recogniser of an ecosystem, in a session. */
export interface NamedRecogniser {
  readonly id: string;
  readonly recognise: NonNullable<Recogniser['recognise']>;
}

export interface Recognised {
  /** Undefined for what is known to be nothing yet. */
  readonly recognition: Recognition | undefined;
  readonly way: Way;
}

/** Tells what an answer brings, by its URL, by those of the redirects that led to it, and by what the run has taught. */
export class AnswerRecogniser {
  readonly #recognisers: readonly NamedRecogniser[];
  readonly #knowledge: Knowledge;
  readonly #redirects = new Redirects();

  constructor(recognisers: readonly NamedRecogniser[], knowledge: Knowledge) {
    this.#recognisers = recognisers;
    this.#knowledge = knowledge;
  }

  /** Remembers where an answer leads, if it is a redirect. */
  addRedirect(
    from: UrlView,
    { status, location, exchangeId }: { status: number; location: string | undefined; exchangeId: string },
  ): void {
    if (status < 300 || status >= 400 || location === undefined) return;
    const to = viewUrl(location, from.href);
    if (to !== undefined) this.#redirects.remember(from.href, to.href, exchangeId);
  }

  /** What recognises an answer by what is known when it is called. */
  look(answer: Answer): () => Recognised {
    const { actualUrl, request } = answer;
    const chain = this.#redirects.follow(actualUrl.href);
    const direct: Way = { urls: [actualUrl.href], exchangeIds: [request.exchangeId] };
    return () =>
      followWay(chain, direct, (way) => this.#recognise(describeAsked(answer, way, this.#knowledge))) ?? {
        recognition: undefined,
        way: direct,
      };
  }

  #recognise(asked: Asked): Recognition | undefined {
    const ecosystem = packageEcosystem(asked);
    for (const { id, recognise } of this.#recognisers) {
      // A client of packages takes nothing for another ecosystem's, however its URL looks.
      if (ecosystem !== undefined && id !== ecosystem && id !== 'forge') continue;
      const recognition = recognise(asked);
      if (recognition !== undefined) return withLearned(recognition, asked.learned);
    }
    // What metadata names is an artifact whatever its bytes are.
    if (asked.learned?.identity !== undefined) return withLearned(undefined, asked.learned);
    return ecosystem === undefined ? undefined : namelessPackage(asked, ecosystem);
  }
}

/** The artifact that an answer with this status is for a client that takes it; undefined for metadata and for nothing. */
export function artifactOf(
  { recognition, way }: Recognised,
  status: number,
): { readonly found: Found; readonly way: Way } | undefined {
  if (recognition?.kind !== 'artifact') return undefined;
  return { found: status < 400 ? recognition : provenByBytes(recognition), way };
}

/** Of what nothing is known yet. */
const nothing: Identity = {
  ...{ class: 'file', ecosystem: 'generic', purl: null, name: '', version: null, fileName: null },
  ...{ identifiedBy: 'guess', keys: [] },
};

/** What is kept of an answer that metadata may name later. */
export const unknownArtifact: Found = { kind: 'artifact', identity: nothing, open: unlessPage };
