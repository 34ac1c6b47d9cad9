import {
  Client,
  credentials,
  Metadata,
  type CallOptions,
  type ChannelOptions,
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientUnaryCall,
  type ClientWritableStream,
  type ServiceError,
  type StatusObject,
} from '@grpc/grpc-js';
import { probeDefinition } from './probe-service.ts';

export interface ProbeTarget {
  /** `host:port`. */
  readonly address: string;
  /** Undefined: plain. */
  readonly roots: Buffer | undefined;
  /** The proxy's URL; undefined: direct. */
  readonly proxy: string | undefined;
  readonly options?: ChannelOptions;
}

/** What a call came to. */
export interface Outcome {
  readonly code: number;
  readonly details: string;
  /** Sizes of the messages that came. */
  readonly messages: number[];
  readonly head: Record<string, unknown>;
  readonly trailers: Record<string, unknown>;
}

type Fields = Record<string, string | Buffer>;
type AnyCall = ClientUnaryCall | ClientReadableStream<Buffer>;

export function metadataOf(fields: Fields): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(fields)) metadata.add(name, value);
  return metadata;
}

/** A client of @grpc/grpc-js. It reads its proxy from the environment when it is made. */
export class ProbeClient {
  readonly client: Client;

  constructor({ address, roots, proxy, options }: ProbeTarget) {
    if (proxy !== undefined) process.env['grpc_proxy'] = proxy;
    this.client = new Client(
      address,
      roots === undefined ? credentials.createInsecure() : credentials.createSsl(roots),
      {
        'grpc.enable_http_proxy': proxy === undefined ? 0 : 1,
        'grpc.ssl_target_name_override': 'origin.test',
        'grpc.default_authority': 'origin.test',
        'grpc.max_receive_message_length': -1,
        'grpc.max_send_message_length': -1,
        'grpc.use_local_subchannel_pool': 1,
        ...options,
      },
    );
    delete process.env['grpc_proxy'];
  }

  unary(
    message: Buffer,
    fields: Fields = {},
    options: CallOptions = {},
    use?: (call: AnyCall) => void,
  ): Promise<Outcome> {
    return new Promise((resolve) => {
      const messages: number[] = [];
      const { path, requestSerialize, responseDeserialize } = probeDefinition.Unary;
      const call = this.client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        message,
        metadataOf(fields),
        options,
        (error: ServiceError | null, value?: Buffer) => {
          if (value !== undefined) messages.push(value.length);
          // After the status, which is told in the next turn.
          if (error !== null && use === undefined) return;
        },
      );
      follow(call, messages, resolve);
      use?.(call);
    });
  }

  collect(
    fields: Fields,
    use: (call: ClientWritableStream<Buffer>) => void,
  ): Promise<Outcome & { answer: string }> {
    return new Promise((resolve) => {
      const messages: number[] = [];
      let answer = '';
      const { path, requestSerialize, responseDeserialize } = probeDefinition.Collect;
      const call = this.client.makeClientStreamRequest(
        path,
        requestSerialize,
        responseDeserialize,
        metadataOf(fields),
        (_error, value?: Buffer) => (answer = value?.toString() ?? ''),
      );
      call.on('error', () => undefined);
      follow(call, messages, (outcome) => {
        setImmediate(() => {
          resolve({ ...outcome, answer });
        });
      });
      use(call);
    });
  }

  produce(
    fields: Fields,
    options: CallOptions = {},
    use?: (call: ClientReadableStream<Buffer>) => void,
  ): Promise<Outcome> {
    return new Promise((resolve) => {
      const messages: number[] = [];
      const { path, requestSerialize, responseDeserialize } = probeDefinition.Produce;
      const call = this.client.makeServerStreamRequest(
        path,
        requestSerialize,
        responseDeserialize,
        Buffer.alloc(0),
        metadataOf(fields),
        options,
      );
      call.on('data', (message: Buffer) => messages.push(message.length));
      call.on('error', () => undefined);
      follow(call, messages, resolve);
      use?.(call);
    });
  }

  echo(fields: Fields, use: (call: ClientDuplexStream<Buffer, Buffer>) => void): Promise<Outcome> {
    return new Promise((resolve) => {
      const messages: number[] = [];
      const { path, requestSerialize, responseDeserialize } = probeDefinition.Echo;
      const call = this.client.makeBidiStreamRequest(
        path,
        requestSerialize,
        responseDeserialize,
        metadataOf(fields),
      );
      call.on('data', (message: Buffer) => messages.push(message.length));
      call.on('error', () => undefined);
      follow(call, messages, resolve);
      use(call);
    });
  }

  close(): void {
    this.client.close();
  }
}

function follow(call: AnyCall, messages: number[], tell: (outcome: Outcome) => void): void {
  let head: Metadata | undefined;
  call.on('metadata', (metadata: Metadata) => (head = metadata));
  call.on('status', (ended: StatusObject) => {
    // Unary answers are told after their status.
    setImmediate(() => {
      tell({
        ...{ code: ended.code, details: ended.details, messages },
        ...{ head: fieldsOf(head), trailers: fieldsOf(ended.metadata) },
      });
    });
  });
}

/** Without `date`, which tells the time. */
function fieldsOf(metadata: Metadata | undefined): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name of Object.keys(metadata?.getMap() ?? {}).sort()) {
    if (name !== 'date') fields[name] = metadata?.get(name).map((value) => value.toString('hex' as never));
  }
  return fields;
}
