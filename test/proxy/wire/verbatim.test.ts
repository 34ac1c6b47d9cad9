import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../fuzz/http1/random.ts';
import { startAuditedProxy, type AuditedProxy } from '../../helpers/audited-proxy.ts';
import { createAuthority } from '../../helpers/origin/authority.ts';
import { createWorkspace } from '../../helpers/origin/workspace.ts';
import { checkJournal } from '../../helpers/wire/check-journal.ts';
import { generateConversation, type Conversation } from '../../helpers/wire/conversation.ts';
import { Player, Stage, type Heard } from '../../helpers/wire/play.ts';
import { accept, reach, type Way } from '../../helpers/wire/ways.ts';

/** How many conversations are played, for each way; the long tier plays for longer. */
const COUNT = Number(process.env['PROXAUDIT_VERBATIM_COUNT'] ?? 40);
const SEED = Number(process.env['PROXAUDIT_VERBATIM_SEED'] ?? Date.now() % 2 ** 32);
const NAME = 'origin.test:4000';

const workspace = createWorkspace('verbatim');
const authority = createAuthority(workspace.directory);
const leaf = authority.issue({ names: ['origin.test'] });
const origin = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
let audited: AuditedProxy;

beforeAll(async () => {
  await once(origin.listen(0, '127.0.0.1'), 'listening');
  audited = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: authority.file,
    resolve: { [NAME]: (origin.address() as AddressInfo).port },
  });
  // Loading takes longer than a play may rest.
  await audited.proxy.warmUp();
});
afterAll(async () => {
  await audited.close();
  origin.close();
  workspace.remove();
});

interface Outcome {
  readonly client: Heard;
  readonly origin: Heard;
}

interface Setting {
  readonly way: Way;
  readonly isSecure: boolean;
}

/** What the two sides hear of one another. */
async function play(conversation: Conversation, { way, isSecure }: Setting, seed: number): Promise<Outcome> {
  const accepted = once(origin, 'connection') as Promise<[Socket]>;
  const stage = new Stage();
  const [random, other] = [new Random(seed), new Random(seed + 1)];
  const isDirect = way === 'direct';
  const playOrigin = async (): Promise<Heard> => {
    const [socket] = await accepted;
    const player = new Player('origin', stage, accept(socket, isSecure ? leaf : undefined));
    return player.play([...conversation.origin, { do: 'hear-end' }], other);
  };
  const playClient = async (): Promise<Heard> => {
    const { port } = isDirect ? (origin.address() as AddressInfo) : audited.proxy;
    const ca = readFileSync(isDirect ? authority.file : audited.caFile, 'latin1');
    const end = await reach({ way, port, authority: NAME, ca: isSecure ? ca : undefined });
    const steps = way === 'plain' ? conversation.clientOfProxy : conversation.client;
    return new Player('client', stage, end).play([...steps, { do: 'hear-end' }], random);
  };
  const [client, heard] = await Promise.all([playClient(), playOrigin()]);
  return { client, origin: heard };
}

/**
 * What is heard through the proxy. The two exceptions: of a head that is cut short by a reset nothing goes on, as nobody could
 * record it; and a client that asks for hosts is reset where nothing answers it, as there is no other word for that.
 */
function expectedFrom(direct: Outcome, { way }: Setting, { ending, cutHeadFrom }: Conversation): Outcome {
  if (ending === 'the client resets' && cutHeadFrom !== undefined) {
    return { ...direct, origin: { ...direct.origin, bytes: direct.origin.bytes.subarray(0, cutHeadFrom) } };
  }
  const isUnanswered = way === 'plain' && ending === 'the client ends within';
  return isUnanswered ? { ...direct, client: { ...direct.client, ending: expect.any(String) } } : direct;
}

/** As a test shows them: the last bytes are what differs, mostly. */
function show({ client, origin: heard }: Outcome): object {
  const describe = ({ bytes, ending }: Heard): object => ({
    ending,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    last: bytes.toString('latin1').slice(-200),
  });
  return { client: describe(client), origin: describe(heard) };
}

const settings: readonly (readonly [name: string, setting: Setting])[] = [
  ['in a tunnel', { way: 'connect', isSecure: false }],
  ['by TLS in a tunnel', { way: 'connect', isSecure: true }],
  ['by SOCKS', { way: 'socks5', isSecure: false }],
  ['by TLS and SOCKS', { way: 'socks5', isSecure: true }],
  ['with requests that name their host', { way: 'plain', isSecure: false }],
];

describe('what a client and an origin say arrives byte for byte, and ends as it ends without a proxy', () => {
  it.each(settings)(`%s (seed ${SEED})`, async (_name, setting) => {
    for (let index = 0; index < COUNT; index++) {
      const seed = SEED + index * 1000;
      const conversation = generateConversation(new Random(seed), {
        origin: NAME,
        isPlain: setting.way === 'plain',
      });
      const { ending, tail } = conversation;
      const label = `PROXAUDIT_VERBATIM_SEED=${seed} PROXAUDIT_VERBATIM_COUNT=1: ${ending}, ${tail ?? 'no tail'}`;
      const direct = await play(conversation, { ...setting, way: 'direct' }, seed);
      const from = audited.facts.length;
      const proxied = await play(conversation, setting, seed + 7);
      expect(show(proxied), label).toEqual(show(expectedFrom(direct, setting, conversation)));
      await checkJournal({ audited, from, conversation, heard: direct, isSecure: setting.isSecure, label });
    }
  });
});
