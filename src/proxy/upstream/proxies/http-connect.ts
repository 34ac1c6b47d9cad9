import { domainToASCII } from 'node:url';
import { formatAuthority } from '../../authority.ts';
import type { Destination } from '../../types.ts';
import { authorizationFor } from './authorization.ts';
import { explainStatus, schemesOf, type Answer } from './explain-status.ts';
import { notUnderstood } from './explain.ts';
import { ask, type Negotiation, type Reply } from './reply-reader.ts';

const MAX_HEAD = 64 * 1024;

/** Asks an HTTP proxy for a tunnel. */
export async function connectByHttp(negotiation: Negotiation, destination: Destination): Promise<void> {
  const { proxy, socket } = negotiation;
  const name = domainToASCII(destination.host) || destination.host;
  const authority = formatAuthority({ host: name, port: destination.port });
  const authorization = authorizationFor(proxy);
  const head = [
    `CONNECT ${authority} HTTP/1.1`,
    `Host: ${authority}`,
    ...(authorization === undefined ? [] : [`Proxy-Authorization: ${authorization}`]),
  ];
  const answer = await ask(negotiation, `${head.join('\r\n')}\r\n\r\n`, readAnswer);
  if (answer !== 'no-http' && answer.status >= 200 && answer.status < 300) return;
  socket.destroy();
  if (answer === 'no-http') throw notUnderstood(proxy, 'this is not HTTP');
  throw explainStatus(proxy, answer, `to a tunnel to ${authority}`);
}

/** Reads one response head; 1xx are passed over. */
function readAnswer(bytes: Buffer): Reply<Answer | 'no-http'> {
  const text = bytes.toString('latin1', 0, MAX_HEAD);
  if (!'HTTP/1.'.startsWith(text.slice(0, 7))) return { state: 'complete', value: 'no-http', length: 0 };
  let start = 0;
  for (;;) {
    const end = /\r?\n\r?\n/g;
    end.lastIndex = start;
    const found = end.exec(text);
    if (found === null) {
      const isTooLong = bytes.length > MAX_HEAD;
      return isTooLong ? { state: 'complete', value: 'no-http', length: 0 } : { state: 'incomplete' };
    }
    const [line = '', ...fields] = text.slice(start, found.index).split(/\r?\n/);
    const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(line)?.[1]);
    if (Number.isNaN(status)) return { state: 'complete', value: 'no-http', length: 0 };
    start = found.index + found[0].length;
    if (status < 200) continue;
    const challenges = fields.flatMap(
      (field) => /^proxy-authenticate:(.*)$/i.exec(field)?.[1]?.trimStart() ?? [],
    );
    return { state: 'complete', value: { status, schemes: schemesOf(challenges) }, length: start };
  }
}
