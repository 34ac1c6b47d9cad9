import { gzipSync } from 'node:zlib';

export type Files = Readonly<Record<string, Buffer | string>>;

/** A ustar archive with the given files, always the same bytes for the same files. Names are at most 100 bytes. */
export function createTar(files: Files): Buffer {
  const parts = Object.entries(files).flatMap(([name, data]) => {
    const content = Buffer.from(data);
    const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
    return [header(name, content.length), content, padding];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

export const createTarGz = (files: Files): Buffer => gzipSync(createTar(files), { level: 9 });

const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;

function header(name: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 100);
  block.write(octal(0o644, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(1_000_000_000, 12), 136);
  block.write(' '.repeat(8), 148);
  block.write('0', 156);
  block.write('ustar\0' + '00', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
