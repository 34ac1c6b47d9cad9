import type { ClientHttp2Stream } from 'node:http2';

/** A request that was sent further than this cannot be sent again: its client is told that it may. */
const REPLAY_BYTES = 64 * 1024;

/** What was sent of a request body, as long as it could be sent again. */
export class Replay {
  #chunks: Buffer[] | undefined = [];
  #bytes = 0;

  get isPossible(): boolean {
    return this.#chunks !== undefined;
  }

  /** `isSent` is false for what waits for a stream, which is kept in any case. */
  keep(chunk: Buffer, isSent: boolean): void {
    if (this.#chunks === undefined) return;
    this.#bytes += chunk.length;
    if (isSent && this.#bytes > REPLAY_BYTES) this.#chunks = undefined;
    else this.#chunks.push(chunk);
  }

  sendOn(stream: ClientHttp2Stream): void {
    for (const chunk of this.#chunks ?? []) stream.write(chunk);
  }

  /** The upstream has begun to process the request. */
  forget(): void {
    this.#chunks = undefined;
  }
}
