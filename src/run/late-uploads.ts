import type { Process } from '../model/exchange.ts';
import type { UploadSummary } from '../model/run.ts';

/** A request body that was not over when its response had ended, as far as it is counted. */
export interface LateUpload {
  readonly hosts: readonly string[];
  readonly process: Process | undefined;
  /** Bytes that are counted; not those of a request that could not go out at all. */
  readonly size: number;
  readonly upload: UploadSummary | undefined;
  readonly request: Pick<UploadSummary, 'method' | 'url'>;
}

/** Of more of them the end is not counted. */
const MAX_LATE = 10_000;

/** Request bodies whose end may be told later, by exchange. */
export class LateUploads {
  readonly #late = new Map<string, LateUpload>();

  add(id: string, late: LateUpload): void {
    if (this.#late.size < MAX_LATE) this.#late.set(id, late);
  }

  take(id: string): LateUpload | undefined {
    const late = this.#late.get(id);
    this.#late.delete(id);
    return late;
  }
}
