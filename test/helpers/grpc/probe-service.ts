import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import type { Leaf } from '../origin/authority.ts';

const asItIs = (value: Buffer): Buffer => value;
const method = (name: string, requestStream: boolean, responseStream: boolean) => ({
  ...{ path: `/audit.Probe/${name}`, requestStream, responseStream },
  ...{ requestSerialize: asItIs, requestDeserialize: asItIs },
  ...{ responseSerialize: asItIs, responseDeserialize: asItIs },
});

/** Messages are bytes, so that no schema is needed: every language's client can call it. */
export const probeDefinition = {
  Unary: method('Unary', false, false),
  Collect: method('Collect', true, false),
  Produce: method('Produce', false, true),
  Echo: method('Echo', true, true),
} satisfies ServiceDefinition;

/** Calls that ended before they were answered, as the server noticed it. */
export interface ProbeLog {
  readonly cancelled: string[];
}

const numberOf = (metadata: Metadata, key: string): number => Number(metadata.get(key)[0] ?? 0);
const nameOf = (metadata: Metadata): string => String(metadata.get('x-call')[0] ?? '');

/** The failure that a caller asked for by `x-fail: CODE`, with details in a trailer. */
function failureOf(metadata: Metadata): object | undefined {
  const code = numberOf(metadata, 'x-fail');
  if (code === 0) return undefined;
  const trailers = new Metadata();
  trailers.set('grpc-status-details-bin', Buffer.from([8, code, 18, 3, 226, 130, 172]));
  return { code, details: 'as you wished: 100 % ünïcode', metadata: trailers };
}

function echoed(metadata: Metadata): Metadata {
  const answer = new Metadata();
  for (const value of metadata.get('x-sent-bin')) answer.add('x-sent-bin', value);
  for (const value of metadata.get('x-sent')) answer.add('x-sent', value);
  return answer;
}

function unary(log: ProbeLog) {
  return (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>): void => {
    call.on('cancelled', () => log.cancelled.push(nameOf(call.metadata)));
    if (nameOf(call.metadata).startsWith('hang')) return;
    const failure = failureOf(call.metadata);
    if (failure !== undefined) {
      answer(failure);
      return;
    }
    call.sendMetadata(echoed(call.metadata));
    answer(null, call.request, echoed(call.metadata));
  };
}

function collect(log: ProbeLog) {
  return (call: ServerReadableStream<Buffer, Buffer>, answer: sendUnaryData<Buffer>): void => {
    let count = 0;
    let bytes = 0;
    call.on('cancelled', () => log.cancelled.push(nameOf(call.metadata)));
    call.on('data', (message: Buffer) => {
      count += 1;
      bytes += message.length;
      // Answered before the caller is done.
      if (count === numberOf(call.metadata, 'x-stop-after'))
        answer({ code: status.OUT_OF_RANGE, details: 'enough' });
    });
    call.on('end', () => {
      answer(null, Buffer.from(`${count} ${bytes}`));
    });
  };
}

/** `x-count` messages of `x-size` bytes, as fast as they are taken; then the failure that was asked for, or none. */
async function produce(call: ServerWritableStream<Buffer, Buffer>, log: ProbeLog): Promise<void> {
  let isCancelled = false;
  call.on('cancelled', () => {
    isCancelled = true;
    log.cancelled.push(nameOf(call.metadata));
  });
  const cancelled = new Promise((resolve) => call.once('cancelled', resolve));
  const size = numberOf(call.metadata, 'x-size');
  for (let index = 0; index < numberOf(call.metadata, 'x-count') && !isCancelled; index += 1) {
    const message = Buffer.alloc(size, index % 251);
    if (call.write(message)) continue;
    await Promise.race([new Promise((resolve) => call.once('drain', resolve)), cancelled]);
  }
  const failure = failureOf(call.metadata);
  if (isCancelled || nameOf(call.metadata).startsWith('hang')) return;
  if (failure !== undefined) call.emit('error', failure);
  else call.end();
}

function echo(log: ProbeLog) {
  return (call: ServerDuplexStream<Buffer, Buffer>): void => {
    call.on('cancelled', () => log.cancelled.push(nameOf(call.metadata)));
    call.sendMetadata(echoed(call.metadata));
    call.on('data', (message: Buffer) => {
      if (call.write(message)) return;
      call.pause();
      call.once('drain', () => call.resume());
    });
    call.on('end', () => {
      call.end(echoed(call.metadata));
    });
  };
}

export interface ProbeServer {
  readonly server: Server;
  readonly log: ProbeLog;
  readonly ports: { readonly secure: number; readonly plain: number };
  close(): void;
}

/** A gRPC server of @grpc/grpc-js on 127.0.0.1, by TLS and plain. */
export async function startProbeServer(leaf: Leaf): Promise<ProbeServer> {
  const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  const log: ProbeLog = { cancelled: [] };
  server.addService(probeDefinition, {
    ...{ Unary: unary(log), Collect: collect(log), Echo: echo(log) },
    Produce: (call: ServerWritableStream<Buffer, Buffer>) => void produce(call, log),
  });
  const keys = [{ private_key: Buffer.from(leaf.key), cert_chain: Buffer.from(leaf.cert) }];
  const bind = (credentials: ServerCredentials): Promise<number> =>
    new Promise((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', credentials, (error, port) => {
        if (error === null) resolve(port);
        else reject(error);
      });
    });
  const ports = {
    secure: await bind(ServerCredentials.createSsl(null, keys)),
    plain: await bind(ServerCredentials.createInsecure()),
  };
  return {
    server,
    log,
    ports,
    close: () => {
      server.forceShutdown();
    },
  };
}
