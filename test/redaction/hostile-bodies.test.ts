import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redaction/index.ts';

const redactor = createRedactor({ secrets: ['aaaaaaaaaaaaaaab', 'planted-secret-value'] });

/** The least processor time of some runs: what else runs on the machine does not count, and neither does one collection. */
function measure(bytes: Buffer, contentType: string): number {
  const times = Array.from({ length: 3 }, () => {
    const start = process.cpuUsage();
    redactor.body(bytes, { contentType, isCut: true });
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

const multipart = 'multipart/form-data; boundary=b';
const form = 'application/x-www-form-urlencoded';

/** Repeated, these made a pattern or a scanner do the most work for each byte, or once made one quadratic. */
describe('time grows with the length of a body, not with its square', () => {
  it.each([
    ['name="', multipart],
    ['--b\r\nname="x"\r\n\r\n', multipart],
    ['name="a"\r\n', multipart],
    ['<a><![CDATA[', 'application/xml'],
    ['<key>a</key>', 'application/xml'],
    ['{"name":"token","value":', 'application/json'],
    ['token:\n ', 'application/yaml'],
    ['/incoming-web-hooks/aaaaaaaaaaaaaaaaaa', 'text/plain'],
    ['AbAbAbAbAbAbAbAbAbAbAbAb/', 'text/plain'],
    ['a:bbb@a.', 'text/plain'],
    ['AZDO', 'text/plain'],
    ['sk-', 'text/plain'],
    ['SG.', form],
    ['\\', form],
    ['%25', form],
    ['http://a?u=', form],
  ])('%j as %s', (seed, contentType) => {
    const bytesOf = (length: number): Buffer => Buffer.from(seed.repeat(Math.ceil(length / seed.length)));
    const small = measure(bytesOf(250_000), contentType);
    const large = measure(bytesOf(1_000_000), contentType);
    // Four times the length; a square would be sixteen times the time. Below some milliseconds a ratio tells nothing.
    expect(large / Math.max(small, 4)).toBeLessThan(6);
  });
});
