import { expect, it } from 'vitest';
import { findLocal, findEgressSockets, findServedPorts } from '../../src/bypass/egress-sockets.ts';
import type { SocketRow } from '../../src/support/socket-table.ts';

const listener = { host: '127.0.0.1', port: 4000 };
let inode = 0;
const row = (changes: Partial<SocketRow>): SocketRow => ({
  localAddress: '192.0.2.2',
  localPort: 50_000,
  remoteAddress: '203.0.113.5',
  remotePort: 443,
  state: 1,
  uid: 0,
  inode: (inode += 1),
  ...changes,
});
const peersOf = (tcp: readonly SocketRow[], udp: readonly SocketRow[] = [], at = listener) =>
  findEgressSockets({ tcp, udp }, at).map(({ peer }) => (peer ? `${peer.address} ${peer.port}` : undefined));

it('is what leads away, while it is alive', () => {
  const states = [1, 2, 4, 5, 8, 9, 11];
  expect(peersOf(states.map((state) => row({ state, remotePort: state })))).toEqual(
    states.map((state) => `203.0.113.5 ${state}`),
  );
  expect(peersOf([row({ remoteAddress: '2001:db8::1' })])).toEqual(['2001:db8::1 443']);
  // Time wait, closed, listening, being accepted.
  expect(peersOf([6, 7, 10, 3, 12].map((state) => row({ state })))).toEqual([]);
  expect(peersOf([row({ inode: 0 })])).toEqual([]);
});

it('is not what stays on this machine or comes to our listener', () => {
  expect(peersOf([row({ remoteAddress: '127.0.0.1' }), row({ remoteAddress: '127.8.9.1' })])).toEqual([]);
  expect(peersOf([row({ remoteAddress: '::1' })])).toEqual([]);
  const elsewhere = { host: '192.0.2.2', port: 4000 };
  const connections = [4000, 4001].map((remotePort) => row({ remoteAddress: '192.0.2.2', remotePort }));
  expect(peersOf(connections, [], elsewhere)).toEqual(['192.0.2.2 4001']);
});

it('is not what was accepted', () => {
  const listening = row({ state: 10, localPort: 8080, localAddress: '0.0.0.0', remoteAddress: '0.0.0.0' });
  expect(peersOf([listening, row({ localPort: 8080 }), row({ localPort: 8081 })])).toEqual([
    '203.0.113.5 443',
  ]);
});

it('may be a UDP socket of which the peer is not told', () => {
  const udp = [
    row({ remotePort: 53 }),
    row({ remoteAddress: '0.0.0.0', localAddress: '0.0.0.0', remotePort: 0, state: 7 }),
    row({ remoteAddress: '0.0.0.0', localAddress: '127.0.0.1', remotePort: 0, state: 7 }),
    row({ remoteAddress: '127.0.0.53', localAddress: '127.0.0.1' }),
    row({ inode: 0 }),
  ];
  expect(peersOf([], udp)).toEqual(['203.0.113.5 53', undefined]);
});

it('local connections are those to others than us, and servers are known by their sockets', () => {
  const local = [4000, 5000].map((remotePort) => row({ remoteAddress: '127.0.0.1', remotePort }));
  expect(
    findLocal({ tcp: [...local, row({})], udp: [] }, listener).map(({ remotePort }) => remotePort),
  ).toEqual([5000]);
  const servers = [5000, 6000].map((localPort, index) => row({ state: 10, localPort, inode: 900 + index }));
  expect(findServedPorts({ tcp: servers, udp: [] }, new Set([901, 1]))).toEqual(new Set([6000]));
});
