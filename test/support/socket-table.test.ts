import { describe, expect, it } from 'vitest';
import { normaliseAddress, parseSocketTable } from '../../src/support/socket-table.ts';

// As a little-endian machine prints it.
const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     
   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 5317 1 0000000000000000 100 0 0 10 0                      
   1: 0100007F:8F2C 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 1234567 1 0000000000000000 20 4 30 10 -1                  
  12: 0200000A:01BB FE01A8C0:FFFF 06 00000000:00000000 03:00000A5B 00000000     0        0 0 3 0000000000000000                                      
`;
const tcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:0050 00000000000000000000000001000000:C350 01 00000000:00000000 02:000A5B5B 00000000   100        0 42 2 0000000000000000 20 4 0 10 -1
   1: 0000000000000000FFFF00000100007F:D431 0000000000000000FFFF00000100007F:8F2C 01 00000000:00000000 00:00000000 00000000 65534        0 4294967295 1 0000000000000000 20 4 30 10 -1
   2: B80D0120000000000000000001000100:01BB 000080FE00000000FF005450B2A1FEFF:0001 01 00000000:00000000 00:00000000 00000000     0        0 7 1 0000000000000000 20 4 30 10 -1
`;

describe('parseSocketTable', () => {
  it('tells whose a closed socket was, as long as it is a whole one', () => {
    const row = (state: string, uid: number, rest: string): string =>
      ` 185: 0100007F:B6AE 0100007F:A9F1 ${state} 0039F201:00000000 04:0000000E 00000000 ${uid}        0 0 2 00000000e91771a4${rest}`;
    const uids = [row('04', 1234, ' 20 4 30 10 -1'), row('04', 0, ' 20 4 30 10 -1'), row('05', 0, '')];
    expect(uids.map((line) => parseSocketTable(line)[0]?.uid)).toEqual([1234, 0, undefined]);
  });

  it('reads IPv4 rows', () => {
    expect(parseSocketTable(tcp)).toEqual([
      {
        localAddress: '0.0.0.0',
        localPort: 22,
        remoteAddress: '0.0.0.0',
        remotePort: 0,
        state: 10,
        uid: 0,
        inode: 5317,
      },
      {
        localAddress: '127.0.0.1',
        localPort: 36652,
        remoteAddress: '127.0.0.1',
        remotePort: 54321,
        state: 1,
        uid: 1000,
        inode: 1234567,
      },
      {
        localAddress: '10.0.0.2',
        localPort: 443,
        remoteAddress: '192.168.1.254',
        remotePort: 65535,
        state: 6,
        uid: undefined,
        inode: 0,
      },
    ]);
  });

  it('leaves out what is left of closed connections, where that is asked for', () => {
    const states = (text: string): number[] =>
      parseSocketTable(text, { withoutTimeWait: true }).map(({ state }) => state);
    expect(states(tcp)).toEqual([10, 1]);
    expect(states(tcp6)).toEqual([1, 1, 1]);
    expect(states(tcp6.replace(/ 01 (?=0{8}:0{8} 02:)/, ' 06 '))).toEqual([1, 1]);
  });

  it('reads IPv6 rows, and mapped IPv4 as IPv4', () => {
    expect(parseSocketTable(tcp6)).toEqual([
      {
        localAddress: '::1',
        localPort: 80,
        remoteAddress: '::1',
        remotePort: 50000,
        state: 1,
        uid: 100,
        inode: 42,
      },
      {
        localAddress: '127.0.0.1',
        localPort: 54321,
        remoteAddress: '127.0.0.1',
        remotePort: 36652,
        state: 1,
        uid: 65534,
        inode: 4294967295,
      },
      {
        localAddress: '2001:db8::1:1',
        localPort: 443,
        remoteAddress: 'fe80::5054:ff:fffe:a1b2',
        remotePort: 1,
        state: 1,
        uid: 0,
        inode: 7,
      },
    ]);
  });

  it('can look for local ports only', () => {
    const ports = (text: string, wanted: number[]): number[] =>
      parseSocketTable(text, { localPorts: new Set(wanted) }).map(({ localPort }) => localPort);
    expect(ports(tcp, [54321])).toEqual([]);
    expect(ports(tcp, [36652, 443])).toEqual([36652, 443]);
    expect(ports(tcp6, [54321, 80])).toEqual([80, 54321]);
    expect(ports('no table\n:', [0])).toEqual([]);
  });

  it.each([
    '',
    '\n',
    'no table',
    '   1: 0100007F:8F2C 0100007F:D431 01',
    '   1: 01:8F2C 01:D431 01 0:0 0:0 0 0 0 1 1\n',
  ])('skips %j', (text) => {
    expect(parseSocketTable(text)).toEqual([]);
  });
});

describe('normaliseAddress', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::FFFF:10.1.2.3', '10.1.2.3'],
    ['::1', '::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:1', '::ffff:1'],
  ])('%s', (address, expected) => {
    expect(normaliseAddress(address)).toBe(expected);
  });
});
