import type { Socket } from 'node:net';
import type { Arrival } from '../../model/arrival.ts';
import type { Decision } from '../../model/decision.ts';
import type { ClientConnection } from '../connection.ts';
import type { Destination, Via } from '../types.ts';
import type { Endpoint } from '../endpoint.ts';
import { Outlet } from '../wire/outlet.ts';
import {
  buildOwnAnswer,
  recordOwnAnswer,
  sendOwnAnswer,
  statusOf,
  type OwnAnswer,
} from '../wire/own-answer.ts';
import type { RequestHead } from '../wire/reader/message-head.ts';
import { valuesOf } from '../exchange/raw-headers.ts';
import { formatAuthority } from '../authority.ts';
import { classifyFirstBytes } from './first-bytes.ts';
import type { FrontParts } from './front-parts.ts';
import { peek } from '../peek.ts';
import { routeConnect } from './route.ts';
import { negotiateSocks5, replyFor, socksReply } from './socks5.ts';

/** A client that connects and says nothing is dropped after this long. */
const FIRST_BYTES_MS = 60_000;
const ESTABLISHED = 'HTTP/1.1 200 Connection Established\r\n\r\n';
/**
 * By this field of its CONNECT our own code in Node programs says that it understands an answer which tells why there is no
 * connection. Others have that answer for one of the origin.
 */
const WANTS_REASON = 'proxaudit-wants-reason';

/** A client that wants to be connected, and how it is answered. */
interface Asked {
  readonly destination: Destination;
  readonly via: Via;
  readonly succeed: () => void;
  readonly refuse: (answer: OwnAnswer) => void;
  readonly wantsReason: boolean;
}

/** Accepts arrivals: reads what the client asks for, has the route decided, and then answers. */
export class Front {
  readonly #parts: FrontParts;

  constructor(parts: FrontParts) {
    this.#parts = parts;
  }

  async accept(
    connection: ClientConnection,
    { destination }: Pick<Arrival<Socket>, 'destination'>,
  ): Promise<void> {
    const { socket } = connection;
    connection.isPending = false;
    if (socket.destroyed) {
      // Its client has reset it, and may have said something before.
      this.#parts.refused.add({ subject: 'the client reset it before it was read' });
      return;
    }
    if (destination !== undefined) {
      await this.#connectByNetwork(connection, destination);
      return;
    }
    const first = await peek(socket, { timeoutMs: FIRST_BYTES_MS });
    if (first === null || first === 'silent') {
      const subject = `the client asked for nothing in ${FIRST_BYTES_MS / 1000} s`;
      if (first === 'silent') this.#parts.refused.add({ subject, process: connection.knownProcess });
      socket.destroy();
      return;
    }
    await this.#serve(connection, first);
  }

  async #serve(connection: ClientConnection, first: Buffer): Promise<void> {
    switch (classifyFirstBytes(first)) {
      case 'socks5':
        await this.#acceptSocks(connection);
        return;
      case 'tls':
        this.#refuseNoHttp(connection, 'TLS to the proxy itself is not served');
        return;
      case 'http2':
        this.#refuseNoHttp(connection, 'HTTP/2 to the proxy itself is not served');
        return;
      case 'other':
        // With a line it is a bad request, which is recorded as one.
        if (first.includes('\n')) this.#servePlain(connection);
        else this.#refuseNoHttp(connection, 'the client speaks neither');
        return;
      case 'undecided':
      case 'http':
        this.#servePlain(connection);
        return;
    }
  }

  #servePlain(connection: ClientConnection): void {
    this.#parts.servePlain(connection, (named, head) => {
      this.#connectByHttp(connection, named, head);
    });
  }

  #refuseNoHttp(connection: ClientConnection, reason: string): void {
    const message = `this is an HTTP and SOCKS5 proxy; ${reason}`;
    this.#parts.refused.add({ subject: message, process: connection.knownProcess });
    sendOwnAnswer(outletTo(connection), buildOwnAnswer(400, { code: 'bad-request', message }), 'GET');
  }

  async #acceptSocks(connection: ClientConnection): Promise<void> {
    const { socket, knownProcess: process } = connection;
    const negotiated = await negotiateSocks5(socket, FIRST_BYTES_MS);
    if ('refused' in negotiated) {
      if (negotiated.refused !== undefined) this.#parts.refused.add({ subject: negotiated.refused, process });
      return;
    }
    await this.#connect(connection, {
      destination: negotiated.destination,
      via: 'socks5',
      succeed: () => socket.write(socksReply.succeeded),
      refuse: ({ error }) => socket.end(replyFor(error.code)),
      // SOCKS has words for it.
      wantsReason: true,
    });
  }

  #connectByHttp(connection: ClientConnection, destination: Destination, { headers }: RequestHead): void {
    this.#connect(connection, {
      destination,
      via: 'connect',
      succeed: () => connection.socket.write(ESTABLISHED),
      refuse: (answer) => {
        sendOwnAnswer(outletTo(connection), answer, 'CONNECT');
      },
      wantsReason: valuesOf(headers, WANTS_REASON).length > 0,
    }).catch(() => connection.socket.destroy());
  }

  /** The client did not ask us for anything, and knows nothing of us. */
  async #connectByNetwork(connection: ClientConnection, destination: Destination): Promise<void> {
    await this.#connect(connection, {
      destination,
      via: 'connect',
      succeed: () => undefined,
      refuse: () => connection.socket.resetAndDestroy(),
      wantsReason: true,
    });
  }

  /** The route is decided, the client is answered, and its tunnel begins. */
  async #connect(connection: ClientConnection, asked: Asked): Promise<void> {
    const { destination, via, wantsReason } = asked;
    const route = await routeConnect(this.#parts, destination);
    if (route.action === 'refuse') {
      const { status, code, reason: message, decision } = route;
      await this.#refuseConnect(connection, asked, {
        answer: buildOwnAnswer(status, { code, message }),
        decision,
      });
      return;
    }
    const client = endpointOf(connection);
    await this.#parts.enterTunnel({
      ...{ connection, client, destination, via, route, wantsReason },
      answer: async (failure) => {
        if (failure === undefined) asked.succeed();
        else {
          const { error, cause } = failure;
          const answer = buildOwnAnswer(statusOf(error), error, cause);
          await this.#refuseConnect(connection, asked, { answer });
        }
      },
    });
  }

  /** It is recorded as an exchange of ours, and then answered as the client's protocol has it. */
  async #refuseConnect(
    connection: ClientConnection,
    { destination, via, refuse }: Asked,
    { answer, decision }: { readonly answer: OwnAnswer; readonly decision?: Decision | undefined },
  ): Promise<void> {
    connection.open(via, destination, { use: 'https' });
    const { error } = answer;
    connection.error = error;
    const recorder = this.#parts.exchanges.start(connection, {
      method: 'CONNECT',
      url: `https://${formatAuthority(destination, 'https')}/`,
      httpVersion: '1.1',
      headers: [],
      destination,
      secure: true,
      names: undefined,
      ...(decision === undefined ? {} : { decision }),
    });
    // SOCKS has no responses.
    await (via === 'socks5' ? recorder.completed([], { error }) : recordOwnAnswer(recorder, answer));
    this.#parts.afterWritten(
      () => {
        refuse(answer);
      },
      () => connection.socket.resetAndDestroy(),
    );
  }
}

function endpointOf({ socket }: ClientConnection): Endpoint {
  return { stream: socket, socket };
}

function outletTo(connection: ClientConnection): Outlet {
  return new Outlet(endpointOf(connection), () => undefined);
}
