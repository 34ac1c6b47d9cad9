import { parseArgs } from 'node:util';

/** How much work each row does. */
interface Sizes {
  readonly startUps: number;
  readonly rounds: number;
  readonly bulkBytes: number;
  readonly tunnelBytes: number;
  readonly requests: number;
  readonly memoryBytes: number;
  readonly memoryRequests: number;
  readonly packages: number;
  /** Of `npm ci`, whose times scatter more than others. */
  readonly npmRounds: number;
  readonly idle: number;
  /** Exchanges that are all artifacts. */
  readonly recognised: number;
  readonly journalLines: number;
  /** Of a load with a given rate. */
  readonly pacedSeconds: number;
}

export interface Settings {
  readonly sizes: Sizes;
  /** Row names; empty means all. */
  readonly only: readonly string[];
  /** Contenders left out. */
  readonly without: readonly string[];
  readonly json: string | undefined;
  /** A mitmdump to compare with instead of the newest that pip installs. */
  readonly mitmdump: string | undefined;
  /** The checkout whose product is measured instead of this one's; it is built there. */
  readonly product: string | undefined;
  /** Programs of other versions of Node on which `start-up` is measured too. */
  readonly nodes: readonly string[];
}

const MB = 1_000_000;
const usual: Sizes = {
  startUps: 21,
  rounds: 3,
  bulkBytes: 500 * MB,
  tunnelBytes: 1000 * MB,
  requests: 8000,
  memoryBytes: 1000 * MB,
  memoryRequests: 20_000,
  packages: 300,
  npmRounds: 15,
  idle: 2000,
  recognised: 100_000,
  journalLines: 1_000_000,
  pacedSeconds: 10,
};
const quick: Sizes = {
  startUps: 5,
  rounds: 1,
  bulkBytes: 50 * MB,
  tunnelBytes: 100 * MB,
  requests: 1000,
  memoryBytes: 200 * MB,
  memoryRequests: 2000,
  packages: 40,
  npmRounds: 1,
  idle: 100,
  recognised: 1000,
  journalLines: 20_000,
  pacedSeconds: 2,
};
/** The sizes that the floors speak of. */
const long: Sizes = {
  ...usual,
  rounds: 5,
  memoryBytes: 5000 * MB,
  memoryRequests: 100_000,
};

/** Reads the command line. Throws on options it does not know. */
export function readSettings(args: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      without: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      mitmdump: { type: 'string' },
      product: { type: 'string' },
      node: { type: 'string', multiple: true, default: [] },
    },
  });
  const sizes = values.quick ? quick : values.long ? long : usual;
  const { only, without, json, mitmdump, product, node: nodes } = values;
  return { sizes, only, without, json, mitmdump, product, nodes };
}
