import type { Socket } from 'node:net';

const statusTexts = {
  400: 'Bad Request',
  431: 'Request Header Fields Too Large',
  508: 'Loop Detected',
} as const;

/** What is answered, and why. */
export type Refusal = [status: keyof typeof statusTexts, reason: string];

/** Answers what never became a request, in plain text, and closes. */
export function refuse(socket: Socket, ...[status, reason]: Refusal): void {
  const body = `proxaudit: ${reason}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${statusTexts[status]}\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
}
