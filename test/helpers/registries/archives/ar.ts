import type { Files } from './tar.ts';

/** A common `ar` archive, the outer format of Debian packages. Names are at most 15 bytes. */
export function createAr(files: Files): Buffer {
  const members = Object.entries(files).flatMap(([name, data]) => {
    const content = Buffer.from(data);
    const fields = [name.padEnd(16), '0'.padEnd(12), '0'.padEnd(6), '0'.padEnd(6), '100644'.padEnd(8)];
    const header = `${fields.join('')}${String(content.length).padEnd(10)}\`\n`;
    return [Buffer.from(header), content, Buffer.from(content.length % 2 === 1 ? '\n' : '')];
  });
  return Buffer.concat([Buffer.from('!<arch>\n'), ...members]);
}
