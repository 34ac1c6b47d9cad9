import type { Artifact } from '../../src/model/artifact.ts';

interface Method {
  readonly technique: string;
  /** From 0 to 1: an order of strength, not a probability. */
  readonly confidence: number;
  readonly value?: string;
}

/** How a name was found. */
const METHODS: Readonly<Record<Artifact['identifiedBy'], Method>> = {
  embedded: { technique: 'binary-analysis', confidence: 1, value: 'the bytes name it' },
  index: {
    technique: 'instrumentation',
    confidence: 0.9,
    value: 'an index fetched in the same run names its URL',
  },
  path: { technique: 'filename', confidence: 0.7, value: 'the path of its URL names it' },
  guess: { technique: 'other', confidence: 0.3, value: 'a guess' },
};

/** Why a component is called what it is. */
export function identify({ purl, name, identifiedBy, expected }: Artifact): object {
  const found = METHODS[identifiedBy];
  const matches = expected
    .filter(({ result }) => result === 'match')
    .map(({ source, from, algorithm, value }): Method => ({
      technique: 'hash-comparison',
      confidence: source === 'lockfile' ? 1 : 0.9,
      value: `${algorithm} ${value} by ${source} ${from}`,
    }));
  const methods = [found, ...matches];
  return {
    field: purl === null ? 'name' : 'purl',
    confidence: Math.max(...methods.map(({ confidence }) => confidence)),
    concludedValue: purl ?? name,
    methods,
  };
}
