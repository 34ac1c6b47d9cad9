import type { Readable } from 'node:stream';

export interface CgiResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** The first bytes of the body; the stream has the others. */
  readonly rest: Buffer;
}

/** Reads the head of a CGI response and leaves the stream paused behind it. */
export function readCgiResponse(stream: Readable): Promise<CgiResponse> {
  return new Promise((resolve, reject) => {
    let data = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      data = Buffer.concat([data, chunk]);
      const end = data.indexOf('\r\n\r\n');
      if (end < 0) return;
      stream.off('data', onData).pause();
      resolve(parseHead(data.toString('latin1', 0, end), data.subarray(end + 4)));
    };
    stream.on('data', onData);
    stream.once('end', () => reject(new Error('the CGI program ended without a response head')));
  });
}

function parseHead(head: string, rest: Buffer): CgiResponse {
  const fields = head.split('\r\n').map((line) => /^([^:]+):\s*(.*)$/.exec(line) ?? []);
  const { Status: status = '200', ...headers } = Object.fromEntries(
    fields.map(([, name = '', value = '']) => [name, value]),
  ) as Record<string, string>;
  return { status: Number.parseInt(status), headers, rest };
}
