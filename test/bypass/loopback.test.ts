import { expect, it } from 'vitest';
import { LoopbackConnections } from '../../src/bypass/loopback.ts';
import type { SocketRow } from '../../src/support/socket-table.ts';

const LISTENING = 10;
const listener = { host: '127.0.0.1', port: 4000 };
let inode = 0;

const row = (from: string, to: string, changes: Partial<SocketRow> = {}): SocketRow => {
  const [localAddress = '', localPort] = from.split(' ');
  const [remoteAddress = '', remotePort] = to.split(' ');
  const ports = { localPort: Number(localPort), remotePort: Number(remotePort) };
  return { localAddress, remoteAddress, ...ports, state: 1, uid: 0, inode: (inode += 1), ...changes };
};
const listening = (at: string): SocketRow => row(at, '0.0.0.0 0', { state: LISTENING });
const pair = (from: string, to: string): SocketRow[] => [row(from, to), row(to, from)];
const find = (tcp: readonly SocketRow[], udp: readonly SocketRow[] = [], at = listener) =>
  new LoopbackConnections(at).find({ tcp, udp }).map(({ peer }) => `${peer?.address} ${peer?.port}`);

it.each(['127.0.0.1', '::1', '127.0.0.2'])(
  'is each connection over %s, by the end that opened it',
  (host) => {
    const rows = [listening(`${host} 8080`), ...pair(`${host} 50000`, `${host} 8080`)];
    expect(find(rows)).toEqual([`${host} 8080`]);
    expect(find([...rows].reverse())).toEqual([`${host} 8080`]);
  },
);

it('is not what comes to our listener, however that is named, nor what leads away', () => {
  const toUs = [listening('127.0.0.1 4000'), ...pair('127.0.0.1 50000', '127.0.0.1 4000')];
  expect(find(toUs)).toEqual([]);
  for (const host of ['0.0.0.0', '::', 'localhost', '::ffff:127.0.0.1'])
    expect(find(toUs, [], { host, port: 4000 }), host).toEqual([]);
  expect(find([row('192.0.2.2 50000', '203.0.113.5 443')])).toEqual([]);
  expect(find(pair('127.0.0.1 50000', '127.0.0.2 4000')), 'that is not us').toEqual(['127.0.0.2 4000']);
});

it('is not what nobody holds any more, or nobody has yet', () => {
  expect(find([row('127.0.0.1 50000', '127.0.0.1 8080', { state: 6, inode: 0 })])).toEqual([]);
  expect(find([row('127.0.0.1 50000', '127.0.0.1 8080', { inode: 0 })])).toEqual([]);
});

it('is told once where the server has stopped to listen', () => {
  const connections = new LoopbackConnections(listener);
  const rows = pair('127.0.0.1 50000', '127.0.0.1 50001');
  const ports = (tcp: readonly SocketRow[]) =>
    connections.find({ tcp, udp: [] }).map(({ peer, other }) => [peer?.port, other?.mayBeOpener]);
  expect(ports(rows), 'the older socket opened it').toEqual([[50_001, true]]);
  expect(ports([listening('127.0.0.1 50000')])).toEqual([]);
  expect(ports(rows), 'now it is known which of them is the server').toEqual([[50_000, false]]);
  expect(ports(rows.slice(0, 1)), 'of the server’s end alone').toEqual([]);
});

it('hides nobody who listens at the port that he connects from', () => {
  const rows = [listening('127.0.0.1 50000'), listening('127.0.0.1 8080')];
  expect(find([...rows, ...pair('127.0.0.1 50000', '127.0.0.1 8080')])).toEqual(['127.0.0.1 8080']);
});

it('is UDP with a fixed peer too, but for the resolver of the machine', () => {
  const udp = [row('127.0.0.1 50000', '127.0.0.1 8125'), row('127.0.0.1 50001', '127.0.0.53 53')];
  expect(find([], udp)).toEqual(['127.0.0.1 8125']);
});
