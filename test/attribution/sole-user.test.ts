import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSoleUserCheck, type SoleUserCheck } from '../../src/attribution/sole-user.ts';

const OURS = 1000;
const MACHINE = 'pid:[4026531836]';
let proc: string;

beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), 'proxaudit-sole-user-'));
  mount('rw');
  addProcess(1, 0);
  addProcess(20, OURS);
  mkdirSync(join(proc, 'self', 'ns'), { recursive: true });
  symlinkSync(MACHINE, join(proc, 'self', 'ns', 'pid'));
});

afterEach(() => {
  rmSync(proc, { recursive: true });
});

function write(name: string, text: string): void {
  const file = join(proc, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const mount = (options: string): void => {
  write(
    'self/mountinfo',
    `1 0 8:1 / / rw - ext4 /dev/root rw\n22 1 0:21 / ${proc} rw - proc proc ${options}\n`,
  );
};

const addProcess = (pid: number, ...uids: number[]): void => {
  const [uid = 0] = uids;
  const all = uids.length === 1 ? [uid, uid, uid, uid] : uids;
  write(`${pid}/status`, `Name:\tany\nUid:\t${all.join('\t')}\nGid:\t0\t0\t0\t0\n`);
};

const addSocket = (table: string, uid: number, inode: number): void => {
  const row = `   1: 0100007F:8F2C 0100007F:D431 01 00000000:00000000 00:00000000 00000000 ${uid} 0 ${inode} 1 0 20 4 30 10 -1`;
  write(`net/${table}`, `  sl  local_address\n${row}\n`);
};

const check = (runs: readonly number[] = []): SoleUserCheck =>
  createSoleUserCheck({
    isOurs: (uid) => uid === OURS || uid === 0,
    isOfRun: (pid) => runs.includes(pid),
    proc,
  });

it('our user and root are nobody else', () => {
  addSocket('tcp', OURS, 77);
  expect(check().isAlone()).toBe(true);
});

it('a process of another user is somebody, also as its saved or file system user', () => {
  addProcess(30, OURS, OURS, 33, OURS);
  expect(check().isAlone()).toBe(false);
  expect(check([30]).isAlone(), 'the run has such processes itself').toBe(true);
});

it.each(['tcp', 'tcp6', 'udp', 'udp6'])('a socket of another user in %s is somebody', (table) => {
  addSocket(table, 33, 77);
  expect(check().isAlone()).toBe(false);
});

it('one whose user cannot be read is somebody', () => {
  write('40/status', 'Name:\tany\n');
  expect(check().isAlone()).toBe(false);
});

it('somebody who was there once may come again', () => {
  addProcess(30, 33);
  const kept = check();
  expect(kept.isAlone()).toBe(false);
  rmSync(join(proc, '30'), { recursive: true });
  expect(kept.isAlone()).toBe(false);
  expect(check().isAlone()).toBe(true);
  const warned = check();
  warned.sawAnother();
  expect(warned.isAlone()).toBe(false);
});

it.each(['rw,hidepid=2', 'rw,hidepid=invisible', 'rw,gid=4,hidepid=1', 'rw,subset=pid'])(
  'a procfs that hides processes proves nothing (%s)',
  (options) => {
    mount(options);
    expect(check().isAlone()).toBe(false);
  },
);

it('hidepid=0 hides nothing', () => {
  mount('rw,hidepid=0');
  expect(check().isAlone()).toBe(true);
});

it('a container proves nothing where it shares the network of the machine', () => {
  rmSync(join(proc, 'self', 'ns', 'pid'));
  symlinkSync('pid:[4026532201]', join(proc, 'self', 'ns', 'pid'));
  expect(check().isAlone(), 'a network of its own').toBe(true);
  write('sys/net/core/netdev_max_backlog', '1000\n');
  expect(check().isAlone()).toBe(false);
});
