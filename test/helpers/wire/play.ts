import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { cutIntoSegments } from '../../fuzz/http1/generate.ts';
import { whenEnded } from '../../../src/proxy/wire/when-ended.ts';
import type { Random } from '../../fuzz/http1/random.ts';

/** What one side of a connection does, one after the other. */
export type Step =
  | { readonly do: 'send'; readonly bytes: Buffer }
  /** Waits until it has heard so many bytes in all. */
  | { readonly do: 'hear'; readonly total: number }
  | { readonly do: 'hear-end' }
  /** Waits until nothing moves on either side. */
  | { readonly do: 'rest' }
  | { readonly do: 'end' }
  | { readonly do: 'reset' };

/** One end of a connection: what is spoken on, and the TCP connection below it. */
export interface End {
  readonly stream: Duplex;
  readonly socket: Socket;
}

/** What a side has heard, and how its connection ended for it. */
export interface Heard {
  readonly bytes: Buffer;
  readonly ending: 'end' | 'reset' | 'own reset';
}

/** Turns of the event loop without any byte after which none is under way: all of it is in this process. */
const RESTING_TURNS = 30;
const PATIENCE_MS = 20_000;

/** What moves in a play. */
export class Stage {
  moves = 0;
}

/** Plays the part of one side, and notes what it hears. */
export class Player {
  readonly name: string;
  readonly #stage: Stage;
  readonly #end: End;
  readonly #chunks: Buffer[] = [];
  #heard = 0;
  #ending: Heard['ending'] | undefined;
  #wake: () => void = () => undefined;

  constructor(name: string, stage: Stage, end: End) {
    this.name = name;
    this.#stage = stage;
    this.#end = end;
    const { stream, socket } = end;
    stream.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#heard += chunk.length;
      this.#note();
    });
    whenEnded(end, () => {
      this.#note('end');
    });
    stream.on('error', () => {
      this.#note('reset');
    });
    if (socket !== stream) {
      socket.on('error', () => {
        this.#note('reset');
      });
    }
    stream.on('close', () => {
      this.#note('reset');
    });
    // It may have been accepted paused.
    stream.resume();
  }

  /** Does all steps that can be done, and waits for the end of the connection. */
  async play(steps: readonly Step[], random: Random): Promise<Heard> {
    const timeout = setTimeout(() => {
      this.#end.socket.destroy(new Error(`the ${this.name} has waited in vain`));
    }, PATIENCE_MS);
    for (const step of steps) {
      if (this.#ending === 'reset' || !(await this.#do(step, random))) break;
    }
    if (this.#ending === 'end' && !this.#end.stream.writableEnded) this.#end.stream.end();
    await this.#until(() => this.#ending !== undefined);
    clearTimeout(timeout);
    return { bytes: Buffer.concat(this.#chunks), ending: this.#ending ?? 'reset' };
  }

  /** False: the other side is gone before that could be done. */
  async #do(step: Step, random: Random): Promise<boolean> {
    switch (step.do) {
      case 'send':
        await this.#send(step.bytes, random);
        return true;
      case 'hear':
        await this.#until(() => this.#heard >= step.total || this.#ending !== undefined);
        return this.#heard >= step.total;
      case 'hear-end':
        await this.#until(() => this.#ending !== undefined);
        return true;
      case 'rest':
        await this.#rest();
        return true;
      case 'end':
        this.#end.stream.end();
        return true;
      case 'reset':
        this.#ending ??= 'own reset';
        this.#end.socket.resetAndDestroy();
        return true;
    }
  }

  async #send(bytes: Buffer, random: Random): Promise<void> {
    const segments = bytes.length > 4096 ? [bytes] : cutIntoSegments(random, bytes);
    const pauses = segments.length > 30 ? 0 : random.pick([0, 0, 0.5]);
    for (const segment of segments) {
      if (this.#ending === 'reset') return;
      this.#end.stream.write(segment);
      this.#stage.moves += 1;
      if (!random.chance(pauses)) continue;
      for (let turns = 1 + random.below(4); turns > 0; turns--) await turn();
    }
  }

  async #rest(): Promise<void> {
    let resting = 0;
    for (let before = this.#stage.moves; resting < RESTING_TURNS && this.#ending !== 'reset'; resting++) {
      await turn();
      if (this.#stage.moves !== before) resting = 0;
      before = this.#stage.moves;
    }
  }

  #note(ending?: Heard['ending']): void {
    this.#ending ??= ending;
    this.#stage.moves += 1;
    this.#wake();
  }

  async #until(isReached: () => boolean): Promise<void> {
    while (!isReached()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
