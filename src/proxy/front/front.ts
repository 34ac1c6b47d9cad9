import type { FactOf } from '../../model/events.ts';
import type { ClientConnection } from '../connection.ts';
import type { Destination, Via } from '../types.ts';
import { findDifferingTunnelNames, redactNames } from '../exchange/used-names.ts';
import { peekClientHello } from './client-hello.ts';
import { parseConnect } from './connect-request.ts';
import { classifyFirstBytes, nameProtocol } from './first-bytes.ts';
import type { FrontParts } from './front-parts.ts';
import { peek, readUntil } from './peek.ts';
import { refuse, type Refusal } from './refuse.ts';
import { shakeSocksHands } from './socks-handshake.ts';
import { join, openTunnel, useOfTunnel, waitForEither } from './tunnel.ts';

/** A client that connects and says nothing is dropped after this long. */
const FIRST_BYTES_MS = 60_000;
/** A tunnel whose client is silent this long may be a protocol in which the server speaks first. */
const SERVER_FIRST_MS = 250;

/** Takes an accepted connection to where it belongs: the engine, a tunnel, or a refusal. */
export class Front {
  readonly #parts: FrontParts;

  constructor(parts: FrontParts) {
    this.#parts = parts;
  }

  async accept(connection: ClientConnection): Promise<void> {
    const { socket } = connection;
    connection.isPending = false;
    if (socket.destroyed) {
      // Its client has reset it, and may have said something before.
      this.#parts.refused.add({ subject: 'the client reset it before it was read' });
      return;
    }
    const first = await peek(socket, { timeoutMs: FIRST_BYTES_MS });
    if (first === null || first === 'silent') {
      if (first === 'silent') this.#tellSilent(connection);
      socket.destroy();
      return;
    }
    switch (classifyFirstBytes(first)) {
      case 'connect':
        await this.#acceptConnect(connection);
        return;
      case 'socks5':
        await this.#acceptSocks(connection);
        return;
      case 'http':
        connection.isPending = true;
        await this.#inject(connection);
        return;
      case 'tls':
      case 'other':
        this.#refuse(
          connection,
          400,
          'this is an HTTP and SOCKS5 proxy; TLS to the proxy itself is not served',
        );
        return;
    }
  }

  /** From then on the engine waits for what the client says. */
  async #inject(connection: ClientConnection): Promise<void> {
    const engine = await this.#parts.engine();
    if (connection.socket.destroyed) return;
    connection.isPending = false;
    engine.inject(connection);
  }

  #refuse(connection: ClientConnection, ...answer: Refusal): void {
    const [status, reason] = answer;
    this.#parts.log.warn('refused what a client sent', { connection: connection.id, status, reason });
    this.#parts.refused.add({ subject: reason, process: connection.knownProcess });
    refuse(connection.socket, ...answer);
  }

  #tellSilent({ knownProcess: process }: ClientConnection): void {
    this.#parts.refused.add({
      subject: `the client asked for nothing in ${FIRST_BYTES_MS / 1000} s`,
      process,
    });
  }

  /** A CONNECT, which may come on a connection that was a plain proxy connection before. */
  async switchToTunnel(connection: ClientConnection, destination: Destination): Promise<void> {
    if (await this.#parts.leadsToUs(destination)) {
      await this.#parts.recordLoop(connection, 'connect', destination);
      this.#parts.log.warn('refused a tunnel to the proxy itself', { connection: connection.id });
      refuse(connection.socket, 508, 'the destination is this proxy itself');
      return;
    }
    connection.socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    await this.#enterTunnel(connection, destination, 'connect');
  }

  async #acceptConnect(connection: ClientConnection): Promise<void> {
    const { socket } = connection;
    const parsed = await readUntil(socket, parseConnect, FIRST_BYTES_MS);
    if (parsed.state === 'closed' || parsed.state === 'silent') {
      if (parsed.state === 'silent') this.#tellSilent(connection);
      socket.destroy();
      return;
    }
    if (parsed.state === 'invalid') {
      this.#refuse(connection, parsed.status, parsed.reason);
      return;
    }
    await this.switchToTunnel(connection, parsed.destination);
  }

  async #acceptSocks(connection: ClientConnection): Promise<void> {
    const destination = await shakeSocksHands(connection, this.#parts, FIRST_BYTES_MS);
    if (destination !== undefined) await this.#enterTunnel(connection, destination, 'socks5');
  }

  /** The destination is known; the first bytes say what passes through. */
  async #enterTunnel(connection: ClientConnection, destination: Destination, via: Via): Promise<void> {
    const { socket } = connection;
    connection.tunnel = destination;
    if (this.#parts.isPassedThrough(destination.host)) {
      await this.#passUnopened(connection, via, destination);
      return;
    }
    const first = await peek(socket, { timeoutMs: SERVER_FIRST_MS });
    if (first === 'silent') await this.#awaitSilent(connection, via, destination);
    else await this.#route(connection, via, first);
  }

  /** A slow client, or a protocol in which the server speaks first: who speaks decides. */
  async #awaitSilent(connection: ClientConnection, via: Via, destination: Destination): Promise<void> {
    const { socket } = connection;
    const use = useOfTunnel(via);
    const dialled = this.#parts
      .dial({ destination, tls: undefined, allowHalfOpen: true, use })
      .catch(() => undefined);
    const first = await waitForEither(
      socket,
      dialled.then((upstream) => upstream?.socket),
    );
    if (first.spoke === 'client') {
      // What it says decides how it is dialled; this one was only to hear the server.
      void dialled.then((upstream) => upstream?.socket.destroy());
      await this.#route(connection, via, first.bytes);
      return;
    }
    this.#recordPassing(connection, via, { reason: 'server-first' });
    const upstream = await dialled;
    connection.dialledAddress = upstream?.address;
    if (upstream !== undefined) join(socket, upstream.socket);
  }

  async #route(connection: ClientConnection, via: Via, first: Buffer | null): Promise<void> {
    const { socket, tunnel: destination } = connection;
    if (destination === undefined) return;
    if (first === null) {
      connection.open(via, destination, useOfTunnel(via));
      socket.destroy();
      return;
    }
    switch (classifyFirstBytes(first)) {
      case 'tls':
        await this.#intercept(connection, via, first);
        return;
      case 'http':
        connection.open(via, destination, 'http');
        this.#parts.log.debug('plain HTTP in a tunnel', { connection: connection.id, ...destination });
        await this.#inject(connection);
        return;
      case 'connect':
      case 'socks5':
      case 'other':
        await this.#pass(connection, via, { reason: 'not-http', protocol: nameProtocol(first) });
        return;
    }
  }

  async #intercept(connection: ClientConnection, via: Via, first: Buffer): Promise<void> {
    const { tunnel: destination, socket } = connection;
    const hello = await peekClientHello(socket);
    if (destination === undefined) return;
    if (hello === undefined) {
      connection.open(via, destination, 'https');
      socket.destroy();
      return;
    }
    connection.sni = hello.sni;
    connection.claimedName = hello.claimedName;
    if (hello.sni !== undefined && this.#parts.isPassedThrough(hello.sni)) {
      await this.#pass(connection, via, { reason: 'passthrough-option', protocol: nameProtocol(first) });
      return;
    }
    if (await this.#parts.isRefuserToPass(connection)) {
      await this.#pass(connection, via, { reason: 'ca-refused', protocol: nameProtocol(first) });
      return;
    }
    connection.secure = true;
    connection.open(via, destination, 'https');
    this.#parts.log.debug('intercepted', { connection: connection.id, ...destination, sni: hello.sni });
    const [engine, protocol] = await Promise.all([
      this.#parts.engine(),
      this.#parts.agreeProtocol(connection, hello.alpn),
    ]);
    connection.alpn = protocol;
    if (!socket.destroyed) engine.inject(connection);
  }

  async #pass(connection: ClientConnection, via: Via, how: Passing): Promise<void> {
    const { tunnel: destination } = connection;
    if (destination === undefined) return;
    this.#recordPassing(connection, via, how);
    const { dial } = this.#parts;
    await openTunnel(connection, { destination, use: useOfTunnel(via, how.protocol), dial });
  }

  /** Of a host that passes through nothing is read but the name in a ClientHello, which may be that of another host. */
  async #passUnopened(connection: ClientConnection, via: Via, destination: Destination): Promise<void> {
    const use = useOfTunnel(via);
    const heard = async (first: Buffer | null | 'silent'): Promise<void> => {
      const protocol = first instanceof Buffer ? nameProtocol(first) : undefined;
      const hello = protocol === 'tls' ? await peekClientHello(connection.socket) : undefined;
      connection.sni = hello?.sni;
      connection.claimedName = hello?.claimedName;
      connection.open(via, destination, use);
      this.#recordPassing(connection, via, { reason: 'passthrough-option', protocol });
    };
    await openTunnel(connection, { destination, use, dial: this.#parts.dial, heard });
  }

  #recordPassing(connection: ClientConnection, via: Via, { reason, protocol }: Passing): void {
    const { tunnel } = connection;
    if (tunnel !== undefined) connection.open(via, tunnel, useOfTunnel(via, protocol));
    this.#parts.log.debug('passed unread', { connection: connection.id, ...tunnel, reason, protocol });
    const later = connection.laterDestination();
    const names = findDifferingTunnelNames({ connect: tunnel?.host, sni: connection.claimedName });
    this.#parts.record({
      type: 'passed-through',
      connectionId: connection.id,
      reason,
      ...(protocol === undefined ? {} : { protocol }),
      ...(later === undefined ? {} : { destination: later }),
      ...(names === undefined ? {} : { names: redactNames(names, this.#parts.redaction) }),
    });
  }
}

interface Passing {
  readonly reason: FactOf<'passed-through'>['reason'];
  readonly protocol?: string | undefined;
}
