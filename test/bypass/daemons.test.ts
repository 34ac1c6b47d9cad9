import { expect, it } from 'vitest';
import { daemons } from '../../src/bypass/daemons.ts';
import { parseUnixConnections } from '../../src/bypass/network-tables.ts';
import { adviseBypass, nameService } from '../../src/bypass/services.ts';

const named = (kind: 'socket' | 'server' | 'client', text: string): string | undefined =>
  daemons.find((daemon) => daemon[kind]?.test(text))?.name;

it.each([
  ['/var/run/docker.sock', 'Docker daemon'],
  ['/home/somebody/.docker/desktop/docker.sock', 'Docker daemon'],
  ['/run/user/1000/podman/podman.sock', 'Podman service'],
  ['/run/buildkit/buildkitd.sock', 'BuildKit daemon'],
  ['/run/containerd/containerd.sock', 'containerd'],
  ['/nix/var/nix/daemon-socket/socket', 'Nix daemon'],
  ['/run/dbus/system_bus_socket', undefined],
  ['/tmp/mydocker.socket', undefined],
])('knows the socket %s', (path, name) => {
  expect(named('socket', path)).toBe(name);
});

it.each([
  ['docker build .', 'Docker daemon'],
  ['/usr/bin/docker --host x pull image', 'Docker daemon'],
  ['docker-compose up', 'Docker daemon'],
  ['buildctl build', 'BuildKit daemon'],
  ['docker --version', undefined],
  ['docker -v', undefined],
  ['docker help', undefined],
  ['docker', undefined],
  ['docker context ls', undefined],
  ['./run-docker build', undefined],
  ['cat docker build', undefined],
])('knows whether %s needs a daemon', (line, name) => {
  expect(named('client', line)).toBe(name);
});

it.each([
  ['java -Xmx512m org.gradle.launcher.daemon.bootstrap.GradleDaemon 8.5', 'Gradle daemon'],
  ['bazel(shop) --add-opens=x -jar /x/install/A-server.jar', 'Bazel server'],
  ['java -jar app.jar', undefined],
])('knows the server %s', (line, name) => {
  expect(named('server', line)).toBe(name);
});

it('reads connected unix streams only', () => {
  const text = `Num       RefCount Protocol Flags    Type St Inode Path
0000000064fc7471: 00000003 00000000 00000000 0001 03  1514
00000000c6e20cb8: 00000003 00000000 00000000 0001 03  1513 /run/docker.sock
00000000c6e20cb9: 00000002 00000000 00010000 0001 01  1500 /run/docker.sock
00000000c6e20cba: 00000002 00000000 00000000 0002 03  1501
0000000000000000: 00000003 00000000 00000000 0001 03 99999 @abstract name
`;
  expect(parseUnixConnections(text)).toEqual([
    { inode: 1514, path: '' },
    { inode: 1513, path: '/run/docker.sock' },
    { inode: 99999, path: '@abstract name' },
  ]);
});

it('names services and what leads them through the proxy', () => {
  expect([nameService('tcp', 443), nameService('udp', 443), nameService('tcp', 444)]).toEqual([
    'https',
    'quic',
    undefined,
  ]);
  expect(adviseBypass('git', 'tcp', 22)).toContain('ssh');
  expect(adviseBypass('curl', 'udp', 443)).toContain('HTTP/3');
  expect(adviseBypass('node', 'tcp', 443)).toContain('HTTPS_PROXY');
  expect(adviseBypass('tool', 'tcp', 9999)).toContain('HTTPS_PROXY');
  expect(adviseBypass('python3', 'udp', 9999)).toContain('UDP');
});
