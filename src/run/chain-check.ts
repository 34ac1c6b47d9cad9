import type { Integrity, IntegrityProblem } from '../model/run.ts';
import type { Envelope } from './envelope.ts';
import type { Line } from './line-splitter.ts';

const MAX_PROBLEMS = 20;

/** Follows the chain of digests from line to line. */
export class ChainCheck {
  readonly #problems: { line: number; message: string }[] = [];
  #isTampered = false;
  #isCut = false;
  #isFinished = false;
  #seq = 0;
  /** Of the last line. */
  #head = '0'.repeat(64);
  /** What `run-finished` must call the head; of a last line that was cut, the digest of the one before. */
  #printed = '';

  /** Checks a line's place in the chain; false when its event must not count. */
  accept(line: Line, envelope: Envelope): boolean {
    const follows = this.#head;
    this.#head = line.digest;
    if (this.#isFinished) return this.#broken(line, 'stands after run-finished');
    if (envelope.seq !== this.#seq + 1)
      this.#broken(line, `seq is ${envelope.seq}, expected ${this.#seq + 1}`);
    if (envelope.prev !== follows) this.#broken(line, 'prev is not the digest of the line before');
    this.#seq = envelope.seq;
    const isStart = envelope.type === 'run-started';
    if (isStart && line.number > 1) return this.#broken(line, 'a second run-started');
    if (!isStart && line.number === 1) this.#broken(line, 'run-started is missing');
    if (envelope.type === 'run-finished') this.#finish(line, follows, envelope);
    return true;
  }

  #finish(line: Line, follows: string, envelope: Envelope & { readonly head?: unknown }): void {
    this.#isFinished = true;
    this.#printed = follows;
    if (envelope.head !== follows) this.#broken(line, 'head is not the digest of the line before');
  }

  /** A line that is no event: a cut last line, or damage. */
  skip(line: Line, problem: string): void {
    if (!line.isTerminated) this.#printed = this.#head;
    this.#head = line.digest;
    if (line.isTerminated) {
      this.#broken(line, problem);
      this.#seq++;
    } else {
      this.#isCut = true;
      this.note(line.number, 'cut short');
    }
  }

  /** Notes a problem that says nothing against the chain. */
  note(line: number, message: string): void {
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ line, message });
  }

  /** @param heads one of them must be the journal's, which was kept elsewhere; none where none was kept. */
  integrity(heads: readonly string[] = []): Integrity {
    const isTruncated = this.#isCut || !this.#isFinished;
    const problems: IntegrityProblem[] = this.#problems.slice();
    const other = heads.length === 0 ? undefined : this.#describeOtherHead(heads);
    if (other !== undefined) problems.unshift({ message: other });
    if (this.#isTampered || other !== undefined) return { verdict: 'tampered', problems };
    return { verdict: isTruncated ? 'truncated' : 'intact', problems };
  }

  /** The head that is printed, or the digest of the last line, which stands for that line too. */
  #describeOtherHead(heads: readonly string[]): string | undefined {
    if (heads.includes(this.#head) || heads.includes(this.#printed)) return undefined;
    const [first = '', ...others] = heads;
    const expected = others.length === 0 ? `not ${first}` : 'none of those that were given';
    return this.#isFinished
      ? `its head is ${this.#printed}, ${expected}`
      : `it ends at ${this.#head}, ${expected}`;
  }

  #broken(line: Line, message: string): false {
    this.#isTampered = true;
    this.note(line.number, message);
    return false;
  }
}
