import { cargo } from './cargo.ts';
import { debian } from './debian.ts';
import type { Evidence, ProcessFacts, Recognise } from './evidence.ts';
import { npm } from './npm.ts';
import { python } from './python.ts';
import { ruby } from './ruby.ts';

/** What an own command line proves stands before what variables do, which are inherited. */
const recognisers: readonly Recognise[] = [python, ruby, cargo, npm, debian];

/** Every package whose lifecycle script a process proves to be part of. */
export function findEvidence(facts: ProcessFacts): Evidence[] {
  return recognisers.map((recognise) => recognise(facts)).filter((evidence) => evidence !== undefined);
}
