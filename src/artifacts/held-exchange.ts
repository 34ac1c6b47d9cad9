import type {
  BodyWish,
  ExchangeObserver,
  HashAlgorithm,
  Observation,
  ObservedBody,
  ObservedEnd,
  ObservedRequest,
  ObservedResponse,
} from '../model/observer.ts';
import { createHashes, readHashes, updateHashes, type BodyHashes } from '../support/body-hash.ts';

/** What becomes of exchanges that are held. */
export interface Holder {
  /** It has a response, and is to be let go some time. */
  hold(held: HeldExchange): void;
  /** Bytes of a response are kept with it. */
  keep(bytes: number): void;
  end(): void;
}

/** An exchange without a request body that keeps what it would tell an observer, until it is let go. */
export class HeldExchange implements Observation, BodyWish {
  readonly #request: ObservedRequest;
  readonly #holder: Holder;
  #head: ObservedResponse | undefined;
  #body: Buffer[] = [];
  #encoded: Buffer[] = [];
  #end: ObservedEnd | undefined;
  #told: ToldExchange | undefined;

  constructor(request: ObservedRequest, holder: Holder) {
    this.#request = request;
    this.#holder = holder;
  }

  response(head: ObservedResponse): BodyWish {
    this.#head = head;
    this.#holder.hold(this);
    return this;
  }

  sink(chunk: Buffer): void {
    if (this.#told !== undefined) {
      this.#told.sink(chunk);
      return;
    }
    this.#body.push(chunk);
    this.#holder.keep(chunk.length);
  }

  encodedSink(chunk: Buffer): void {
    if (this.#told !== undefined) {
      this.#told.encodedSink(chunk);
      return;
    }
    this.#encoded.push(chunk);
    this.#holder.keep(chunk.length);
  }

  ended(end: ObservedEnd): void {
    // Without a head nothing came that anyone looks at.
    if (this.#head === undefined) return;
    if (this.#told !== undefined) {
      this.#told.ended(end);
      return;
    }
    this.#end = end;
    this.#holder.end();
  }

  /** Tells `observer` all that was kept, and what comes yet as it comes. */
  letGo(observer: ExchangeObserver): void {
    if (this.#head === undefined || this.#told !== undefined) return;
    const { status, headers } = this.#head;
    const head = { status, headers, start: this.#start() };
    const [body, encoded] = [this.#body, this.#encoded];
    this.#body = [];
    this.#encoded = [];
    // Should the observer fail, nothing more is kept.
    this.#told = nobody;
    const told = new ToldExchange(observer.observe(this.#request), head);
    this.#told = told;
    for (const chunk of encoded) told.encodedSink(chunk);
    for (const chunk of body) told.sink(chunk);
    if (this.#end !== undefined) told.ended(this.#end);
  }

  #start(): Buffer | undefined {
    const [first] = this.#body;
    if (first !== undefined && first.length >= START_BYTES) return first;
    const all = Buffer.concat(this.#body);
    return this.#end !== undefined || all.length >= START_BYTES ? all : undefined;
  }
}

/** What recognisers look at where nothing else tells. */
const START_BYTES = 512;

/** Gives an observation what it wishes for of a response that was not known to be wished for when it came. */
class ToldExchange {
  readonly #observation: Observation | undefined;
  readonly #wish: BodyWish | undefined;
  readonly #hashes: BodyHashes<HashAlgorithm>;
  readonly #encodedHashes: BodyHashes<HashAlgorithm>;
  #isEncoded = false;

  constructor(observation: Observation | undefined, head: ObservedResponse) {
    this.#observation = observation;
    this.#wish = observation?.response(head);
    this.#hashes = createHashes(this.#wish?.digests);
    this.#encodedHashes = createHashes(this.#wish?.digests);
  }

  sink(chunk: Buffer): void {
    updateHashes(this.#hashes, chunk);
    this.#wish?.sink?.(chunk);
  }

  encodedSink(chunk: Buffer): void {
    this.#isEncoded = true;
    updateHashes(this.#encodedHashes, chunk);
    this.#wish?.encodedSink?.(chunk);
  }

  ended({ response, process }: ObservedEnd): void {
    this.#observation?.ended({ response: response && this.#withDigests(response), process });
  }

  #withDigests(response: ObservedBody): ObservedBody {
    if (this.#hashes.size === 0) return response;
    const { digests, decoded, unfinished } = response;
    const hashes = this.#isEncoded ? this.#encodedHashes : this.#hashes;
    if (unfinished !== undefined) return { ...response, unfinished: new Map([...unfinished, ...hashes]) };
    const own = readHashes(hashes);
    return {
      ...response,
      digests: { ...digests, ...own },
      ...(decoded === undefined
        ? {}
        : { decoded: { ...decoded, digests: { ...decoded.digests, ...readHashes(this.#hashes) } } }),
    };
  }
}

const nobody = new ToldExchange(undefined, { status: 0, headers: [] });
