// RFC 9113, section 7, from 0 on.
const names = [
  ...[
    'NO_ERROR',
    'PROTOCOL_ERROR',
    'INTERNAL_ERROR',
    'FLOW_CONTROL_ERROR',
    'SETTINGS_TIMEOUT',
    'STREAM_CLOSED',
  ],
  ...[
    'FRAME_SIZE_ERROR',
    'REFUSED_STREAM',
    'CANCEL',
    'COMPRESSION_ERROR',
    'CONNECT_ERROR',
    'ENHANCE_YOUR_CALM',
  ],
  ...['INADEQUATE_SECURITY', 'HTTP_1_1_REQUIRED'],
];

/** An HTTP/2 stream ended before its response did. The client is told the same code: gRPC gives each a meaning. */
export class StreamReset extends Error {
  readonly http2Code: number;

  constructor(http2Code: number) {
    super(`the stream was reset (HTTP/2 error ${names[http2Code] ?? http2Code})`);
    this.http2Code = http2Code;
  }
}
