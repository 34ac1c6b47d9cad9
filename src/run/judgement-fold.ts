import type { BaselineArtifact } from '../model/baseline.ts';
import type { FoldedRun } from '../model/run.ts';
import type { PlacedWaiver } from '../model/waiver.ts';
import type { RecordedEventOf } from './recorded-event.ts';

const MAX_WAIVERS = 10_000;
const MAX_HOSTS = 100_000;
const MAX_ARTIFACTS = 400_000;

/** The part of the fold that holds what a run is judged by. */
export class JudgementFold {
  readonly #waivers: PlacedWaiver[] = [];
  readonly #hosts = new Set<string>();
  readonly #artifacts: BaselineArtifact[] = [];
  #hasBaseline = false;

  add(event: RecordedEventOf<'waivers-loaded' | 'baseline-loaded'>): void {
    if (event.type === 'waivers-loaded') {
      const { path, base, waivers } = event;
      const place = { path, ...(base === undefined ? {} : { base }) };
      for (const waiver of waivers) {
        if (this.#waivers.length < MAX_WAIVERS) this.#waivers.push({ ...waiver, ...place });
      }
      return;
    }
    const { hosts, artifacts } = event;
    this.#hasBaseline = true;
    for (const host of hosts) if (this.#hosts.size < MAX_HOSTS) this.#hosts.add(host);
    for (const artifact of artifacts) {
      if (this.#artifacts.length < MAX_ARTIFACTS) this.#artifacts.push(artifact);
    }
  }

  summarise(): Pick<FoldedRun, 'waivers' | 'baseline'> {
    const baseline = { hosts: [...this.#hosts], artifacts: this.#artifacts };
    return { waivers: this.#waivers, baseline: this.#hasBaseline ? baseline : null };
  }
}
