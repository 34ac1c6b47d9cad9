import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** llhttp's words for what it could not parse. */
type ParseError = NodeJS.ErrnoException & { readonly reason?: string };
/** Not in the published types: the answer that is under way on a connection. */
type HttpSocket = Socket & { readonly _httpMessage?: { readonly headersSent: boolean } | null };

const STATUS: ReadonlyMap<string | undefined, string> = new Map([
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', '413 Payload Too Large'],
]);
/** A client that ended its side within a request has said no more than that. */
const CUT = 'HPE_INVALID_EOF_STATE';

/** Answers what is not HTTP as Node does by itself, and tells of it where it is no part of a request that is known. */
export function answerMalformed(server: Server, tell: (socket: Socket, reason: string) => void): void {
  server.on('clientError', (error: ParseError, socket: HttpSocket) => {
    if (error.code !== CUT) refuse(error, socket, tell);
    socket.destroy(error);
  });
}

function refuse(
  { code, reason, message }: ParseError,
  socket: HttpSocket,
  tell: (socket: Socket, reason: string) => void,
): void {
  const answering = socket._httpMessage ?? undefined;
  if (code?.startsWith('HPE_') === true && answering === undefined)
    tell(socket, `it is not valid HTTP: ${reason ?? message}`);
  if (socket.writable && answering?.headersSent !== true)
    socket.write(`HTTP/1.1 ${STATUS.get(code) ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`);
}
