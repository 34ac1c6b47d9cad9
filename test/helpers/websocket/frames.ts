import { deflateRawSync, constants } from 'node:zlib';

export interface Frame {
  readonly opcode: number;
  readonly payload?: Buffer | string;
  /** Default true. */
  readonly fin?: boolean;
  /** The three reserved bits; 4 marks a compressed message. */
  readonly reserved?: number;
  /** Default true, as a client must. */
  readonly masked?: boolean;
}

const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** A frame as a client sends it, with a mask that is always the same. */
export function encodeFrame({
  opcode,
  payload = '',
  fin = true,
  reserved = 0,
  masked = true,
}: Frame): Buffer {
  const data = Buffer.from(payload as string);
  const head = [(fin ? 0x80 : 0) | (reserved << 4) | opcode];
  const flag = masked ? 0x80 : 0;
  if (data.length < 126) head.push(flag | data.length);
  else if (data.length < 65_536) head.push(flag | 126, data.length >> 8, data.length & 0xff);
  else {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(data.length));
    head.push(flag | 127, ...length);
  }
  if (!masked) return Buffer.concat([Buffer.from(head), data]);
  const covered = Buffer.allocUnsafe(data.length);
  for (let index = 0; index < data.length; index += 1)
    covered[index] = (data[index] ?? 0) ^ (mask[index % 4] ?? 0);
  return Buffer.concat([Buffer.from(head), mask, covered]);
}

export const TEXT = 1;
export const BINARY = 2;
export const CONTINUATION = 0;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

export const text = (payload: Buffer | string): Frame => ({ opcode: TEXT, payload });
export const binary = (payload: Buffer): Frame => ({ opcode: BINARY, payload });
export const ping = (payload: Buffer | string = ''): Frame => ({ opcode: PING, payload });
export const pong = (payload: Buffer | string = ''): Frame => ({ opcode: PONG, payload });

/** A close frame with these bytes as its code and reason. */
export function close(code?: number, reason: Buffer | string = ''): Frame {
  const head = Buffer.alloc(code === undefined ? 0 : 2);
  if (code !== undefined) head.writeUInt16BE(code);
  return { opcode: CLOSE, payload: Buffer.concat([head, Buffer.from(reason as string)]) };
}

/** A message in fragments of `size` bytes. */
export function fragments(opcode: number, payload: Buffer, size: number): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < payload.length; at += size) {
    const fin = at + size >= payload.length;
    frames.push({ opcode: at === 0 ? opcode : CONTINUATION, payload: payload.subarray(at, at + size), fin });
  }
  return frames;
}

/** A compressed message of permessage-deflate (RFC 7692), as one frame. */
export function compressed(opcode: number, payload: Buffer): Frame {
  const whole = deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH });
  return { opcode, payload: whole.subarray(0, -4), reserved: 4 };
}
