import type { Examine } from '../examine/examiner.ts';
import { BeyondLimit, isNotExamined, type NotExamined } from '../examine/not-examined.ts';
import type { ObjectFormat } from './object-id.ts';
import { findObjects, type PackContents } from './pack-objects.ts';
import type { SoundPack } from './passing-pack.ts';

/** Up to so much a pack is looked into at once: it has no more than a few MB in it. */
const SMALL_BYTES = 16 * 1024;
const SMALL_OBJECTS = 50;

/** Looks for objects in the beginning of a pack: at once where it is small, else beside other work. */
export function examinePack<Result>(
  pack: SoundPack,
  looked: { readonly wanted: ReadonlySet<string>; readonly format: ObjectFormat; readonly examine: Examine },
  use: (contents: PackContents) => Result,
): Result | NotExamined | Promise<Result | NotExamined> {
  const { wanted, format, examine } = looked;
  const { head, objects } = pack;
  if (head.length > SMALL_BYTES || objects > SMALL_OBJECTS) {
    return examine('git-pack', { head, objects, wanted, format }).then((contents) =>
      isNotExamined(contents) ? contents : use(contents ?? new Map()),
    );
  }
  try {
    return use(findObjects({ head, objects, wanted, format }));
  } catch (error) {
    if (error instanceof BeyondLimit) return { notExamined: error.message };
    throw error;
  }
}
