import {
  constants,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { ExchangeRecorder } from '../exchange/exchange-recorder.ts';
import { firstOf } from '../exchange/raw-headers.ts';
import { clientClosed } from '../wire/causes.ts';
import type { RelayedStream, RelayParts, RelaySessions, TunnelBytes } from './relay-sessions.ts';
import { ClientResponse } from './client-response.ts';
import { onTrailers, sendFields, withoutPseudo, type HeaderBlock } from './stream-headers.ts';
import { StreamOutlet } from './stream-outlet.ts';
import { explainEnd, explainError, type StreamFailure } from './stream-failure.ts';
import { closeStream, resetStream, watchEndOfStream } from './stream-reset.ts';

const { NGHTTP2_FLAG_END_STREAM, NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR } = constants;

/** One stream of the client and its twin to the upstream: one exchange, or one tunnel. */
export class StreamRelay implements RelayedStream {
  readonly client: ServerHttp2Stream;
  upstream: ClientHttp2Stream | undefined;
  readonly request: HeaderBlock;
  readonly #recorder: ExchangeRecorder;
  readonly #sessions: RelaySessions;
  readonly #response: ClientResponse;
  readonly #isConnect: boolean;
  readonly #hasClientEnded: () => boolean;
  #hasUpstreamEnded: () => boolean = () => false;
  #requestOutlet: StreamOutlet | undefined;
  #requestTrailers: HeaderBlock | undefined;
  #responseTrailers: HeaderBlock | undefined;
  #hasResponse = false;
  /** No more of the request comes, or nobody wants it. */
  #isRequestOver = false;
  /** The response is whole; its end is delivered, or waits for the journal. */
  #isAnswered = false;
  #isDelivered = false;
  /** How the upstream stopped the request of a response whose end is not delivered yet. */
  #stopCode: number | undefined;
  /** Given up before the response was whole. */
  #isOver = false;
  #tunnel: TunnelBytes | undefined;
  /** The streams of the tunnel are somebody else's. */
  #isTaken = false;
  #upstreamError: Error | undefined;

  constructor({ client, request, recorder, sessions }: RelayParts) {
    this.client = client;
    this.request = request;
    this.#isConnect = firstOf(request.raw, ':method') === 'CONNECT';
    this.#recorder = recorder;
    this.#sessions = sessions;
    this.#response = new ClientResponse(client, request);
    this.#hasClientEnded = watchEndOfStream(client);
    client.on('error', () => undefined);
    client.once('close', () => {
      this.#clientClosed();
      this.#sessions.noteClosed(this);
    });
    onTrailers(client, (block) => (this.#requestTrailers = block));
  }

  /** Sends the request on, when its start is written. */
  start(): void {
    this.#sessions.afterWritten(() => {
      this.#guard(() => {
        this.#send();
      });
    });
  }

  /** Resolves when all that came of the response, and may go on, has left. */
  async responseFlushed(): Promise<void> {
    const { client } = this;
    if (!this.#isAnswered) await this.#response.flushed();
    else if (!client.destroyed) await new Promise((resolve) => client.once('close', resolve));
  }

  /** The same of the request. */
  async requestFlushed(): Promise<void> {
    await this.#requestOutlet?.flushed();
  }

  #send(): void {
    const { client } = this;
    const hasBody = !client.endAfterHeaders;
    const options = { endStream: !hasBody, waitForTrailers: hasBody };
    const upstream = sendFields(this.request, (fields) => this.#sessions.request(fields, options));
    this.upstream = upstream;
    this.#requestOutlet = new StreamOutlet(upstream);
    this.#hasUpstreamEnded = watchEndOfStream(upstream);
    this.#isRequestOver = !hasBody;
    if (!hasBody || this.#isConnect) this.#recorder.requestBody.end();
    this.#listen(upstream);
    if (client.destroyed) {
      this.#clientClosed();
      return;
    }
    client.on('drain', () => {
      if (this.#hasResponse && !this.#isTaken) upstream.resume();
    });
    if (!this.#isConnect) this.#readRequest(upstream);
  }

  #readRequest(upstream: ClientHttp2Stream): void {
    const { client } = this;
    const outlet = this.#requestOutlet;
    client.on('data', (chunk: Buffer) => {
      if (this.#isRequestOver || this.#isOver) return;
      if (this.#tunnel === undefined) this.#recorder.requestBody.update(chunk);
      else this.#tunnel.bytesOut += chunk.length;
      if (outlet?.write(chunk) === false) client.pause();
    });
    upstream.on('drain', () => client.resume());
    client.on('end', () => {
      if (this.#isRequestOver || this.#isOver || !this.#hasClientEnded()) return;
      this.#recorder.requestBody.end();
      this.#endRequest();
      outlet?.end(this.#requestTrailers);
    });
  }

  #listen(upstream: ClientHttp2Stream): void {
    upstream.on('error', (error: Error) => (this.#upstreamError = error));
    upstream.on('headers', (headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
      this.#guard(() => {
        this.#response.inform({ headers, raw });
      });
    });
    upstream.on('response', (headers: IncomingHttpHeaders, flags: number, raw: string[]) => {
      this.#guard(() => {
        this.#respond({ headers, raw }, (flags & NGHTTP2_FLAG_END_STREAM) !== 0);
      });
    });
    onTrailers(upstream, (block) => (this.#responseTrailers = block));
    upstream.once('close', () => {
      this.#upstreamClosed(upstream);
      this.#sessions.noteClosed(this);
    });
  }

  #respond(block: HeaderBlock, isWhole: boolean): void {
    const { upstream } = this;
    if (this.#isOver || upstream === undefined) return;
    const status = Number(block.headers[':status']);
    this.#recorder.responded(
      { status, message: '', headers: withoutPseudo(block.raw), httpVersion: '2', isWhole },
      'upstream',
    );
    this.#hasResponse = true;
    if (this.#isConnect && status >= 200 && status < 300) this.#tunnel = { bytesIn: 0, bytesOut: 0 };
    if (isWhole || this.#response.isHeadAlone(status)) {
      this.#answer(() => {
        this.#response.respond(block, { isWhole: true });
      });
      return;
    }
    this.#response.respond(block, { isWhole: false });
    if (this.#tunnel !== undefined && this.#sessions.takeTunnel(this, this.#tunnel)) {
      this.#isTaken = true;
      return;
    }
    if (this.#isConnect) this.#readRequest(upstream);
    this.#readResponse(upstream);
  }

  /** Not before its head: Node tells that in the next turn, while the first data may come in this one. */
  #readResponse(upstream: ClientHttp2Stream): void {
    const meter = this.#recorder.responseBody;
    meter?.onDrain(() => upstream.resume());
    upstream.on('data', (chunk: Buffer) => {
      if (this.#isOver) return;
      let isMetered = true;
      if (this.#tunnel === undefined) isMetered = meter?.update(chunk) ?? true;
      else this.#tunnel.bytesIn += chunk.length;
      if (!this.#response.write(chunk) || !isMetered) upstream.pause();
    });
    upstream.on('end', () => {
      if (!this.#hasUpstreamEnded()) return;
      this.#answer(() => {
        this.#response.end(this.#responseTrailers);
      });
    });
  }

  /** The response is whole: its end follows when that is written. */
  #answer(deliver: () => void): void {
    if (this.#isOver || this.#isAnswered) return;
    this.#isAnswered = true;
    const complete = (): void => {
      this.#sessions.afterWritten(() => {
        this.#guard(deliver);
        this.#isDelivered = true;
        if (this.#stopCode !== undefined) closeStream(this.client, this.#stopCode);
      });
    };
    if (this.#tunnel !== undefined) {
      complete();
      return;
    }
    this.#record(() => {
      const completed = this.#recorder.completed(withoutPseudo(this.#responseTrailers?.raw ?? []));
      if (completed === undefined) complete();
      else
        completed.then(complete, () => {
          this.#sessions.abort();
        });
    });
  }

  #upstreamClosed(upstream: ClientHttp2Stream): void {
    if (this.#isOver || this.#isTaken) return;
    if (this.#isAnswered) {
      if (this.#isRequestOver) return;
      this.#endRequest();
      const code = this.#sessions.isUpstreamGone ? NGHTTP2_NO_ERROR : upstream.rstCode;
      if (this.#isDelivered) closeStream(this.client, code);
      else this.#stopCode = code;
      return;
    }
    this.#isOver = true;
    this.#fail(explainEnd(this.#sessions, upstream, this.#upstreamError));
  }

  #clientClosed(): void {
    const { client, upstream } = this;
    if (this.#tunnel !== undefined) this.#recordTunnel(this.#tunnel);
    if (upstream === undefined || this.#isOver || this.#isTaken) return;
    if (this.#isAnswered) {
      if (this.#isRequestOver) return;
      this.#endRequest();
      if (!this.#sessions.isClientGone) resetStream(upstream, client.rstCode);
      return;
    }
    this.#isOver = true;
    this.#record(() => {
      if (this.#tunnel !== undefined) return;
      // A client may leave with the last announced byte, before the end of the stream.
      if (this.#response.isAllAnnounced)
        this.#recorder.completed([])?.catch(() => {
          this.#sessions.abort();
        });
      else this.#recorder.failed(clientClosed);
    });
    if (!this.#sessions.isClientGone) void this.#resetUpstream(upstream);
  }

  /** A client that has said all, and does not wait for the answer, is heard all the same. */
  async #resetUpstream(upstream: ClientHttp2Stream): Promise<void> {
    if (this.#isRequestOver && !this.#hasResponse) await this.requestFlushed();
    resetStream(upstream, this.client.rstCode);
  }

  #fail({ error, code }: StreamFailure): void {
    this.#record(() => {
      if (this.#tunnel === undefined) this.#recorder.failed(error);
      else this.#recordTunnel(this.#tunnel);
    });
    if (code === undefined) return;
    this.#sessions.afterWritten(() => {
      void this.#response.reset(code);
    });
  }

  #endRequest(): void {
    this.#isRequestOver = true;
    this.#record(() => {
      this.#recorder.requestBodyOver();
    });
  }

  #recordTunnel(bytes: TunnelBytes): void {
    const protocol = firstOf(this.request.raw, ':protocol') ?? 'connect';
    this.#record(() => {
      this.#recorder.upgraded(protocol.slice(0, 64), bytes);
    });
  }

  #record(step: () => void): void {
    try {
      step();
    } catch {
      this.#sessions.abort();
    }
  }

  /** What Node does not send ends the stream, on both sides. */
  #guard(step: () => void): void {
    if (this.#isOver) return;
    try {
      step();
    } catch (error) {
      this.#isOver = true;
      const { upstream } = this;
      if (upstream !== undefined) resetStream(upstream, NGHTTP2_INTERNAL_ERROR);
      this.#fail(explainError(this.#sessions, upstream, error));
    }
  }
}
