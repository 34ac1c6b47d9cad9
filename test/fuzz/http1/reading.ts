/** One connection's worth of bytes of one side. */
export interface FuzzCase {
  readonly kind: 'request' | 'response';
  /** Of the requests that responses answer. */
  readonly methods: readonly string[];
  readonly bytes: Buffer;
}

/** A message as a reader frames it. */
export interface FramedMessage {
  /** `method target`, or the status. */
  readonly start: string;
  /** Latin1. */
  readonly body: string;
  readonly complete: boolean;
}

export interface FuzzReading {
  readonly messages: readonly FramedMessage[];
  /** The bytes ended, an error, or the reader takes no more messages of such a connection. */
  readonly stop: 'end' | 'error' | 'stop';
  /** Of ours: why the rest is opaque. */
  readonly reason?: string;
}
