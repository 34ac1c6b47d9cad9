import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Pair,
  type Scalar,
} from 'yaml';
import type { Waiver } from '../model/waiver.ts';
import { AuditError } from '../support/errors.ts';
import { decodeText, readBounded } from '../support/read-bounded.ts';
import { reasonOf } from '../support/reason-of.ts';
import { findKey, refuseKey } from './configuration-keys.ts';
import type { ConfigurationFile } from './find-configuration.ts';
import type { OptionSpec } from './option-spec.ts';
import { readSetting } from './read-setting.ts';
import { readWaivers } from './read-waivers.ts';
import { offsetOf, type Fail } from './yaml-place.ts';

export interface Setting {
  readonly key: string;
  readonly value: unknown;
}

type Variables = Readonly<Record<string, string | undefined>>;

const MAX_BYTES = 64_000;
const MAX_ITEMS = 1000;

export interface Configuration {
  readonly settings: readonly Setting[];
  readonly waivers: readonly Waiver[];
}

/** What a file says. Throws `AuditError` code `bad-usage`, which tells the line. */
export function readConfiguration(file: ConfigurationFile, env: Variables): Configuration {
  const lines = new LineCounter();
  const fail: Fail = (offset, problem, hint = HINT) => {
    const place = offset === undefined ? file.path : `${file.path}:${lines.linePos(offset).line}`;
    return new AuditError('bad-usage', `${place}: ${problem}`, { hint });
  };
  const document = parse(readText(file, fail), lines, fail);
  const settings: Setting[] = [];
  const waivers: Waiver[] = [];
  for (const { key, value } of listPairs(document, fail)) {
    const at = offsetOf(key);
    if (!isScalar(key) || typeof key.value !== 'string') throw fail(at, 'expected the name of an option');
    if (key.value === 'waivers') {
      waivers.push(...readWaivers(value, at, fail));
      continue;
    }
    const spec = findKey(key.value);
    const refusal = refuseKey(key.value, spec, { file, env });
    if (spec === undefined || refusal !== undefined) throw fail(at, refusal?.problem ?? '', refusal?.hint);
    settings.push({ key: key.value, value: readValue(spec, value, { file, fail, at }) });
  }
  return { settings, waivers };
}

/** The waivers of another version of a file, whatever else it says. Throws `AuditError` for what cannot be understood. */
export function readWaiversIn(path: string, text: string): Waiver[] {
  const lines = new LineCounter();
  const fail: Fail = (offset, problem) =>
    new AuditError('bad-usage', `${path}: ${problem}`, { hint: `at ${offset ?? 0}` });
  const document = parse(text, lines, fail);
  const pair = listPairs(document, fail).find(({ key }) => isScalar(key) && key.value === 'waivers');
  return pair === undefined ? [] : readWaivers(pair.value, offsetOf(pair.key), fail);
}

function listPairs({ contents }: Document, fail: Fail): readonly Pair[] {
  if (contents === null || (isScalar(contents) && contents.value === null)) return [];
  if (isMap(contents)) return contents.items;
  throw fail(offsetOf(contents), 'expected "key: value" lines');
}

const SEE_HELP = 'See proxaudit --help.';
const HINT = 'Keys are the names of the options without their dashes: see proxaudit --help.';

interface ValueContext {
  readonly file: ConfigurationFile;
  readonly fail: Fail;
  /** Where the key stands. */
  readonly at: number | undefined;
}

/** Plain values and lists of them: there is nothing that anchors and aliases would be good for. */
function readValue(spec: OptionSpec, node: unknown, { file, fail, at }: ValueContext): unknown {
  const isList = isSeq(node);
  const items: readonly unknown[] = isList ? node.items : [node];
  if (items.length > MAX_ITEMS) throw fail(at, `expected at most ${MAX_ITEMS} items`);
  const scalars = items.map((item): Scalar => {
    if (isScalar(item) && item.value !== null) return item;
    const isEmpty = item === null || isScalar(item);
    throw fail(
      offsetOf(item) ?? at,
      isEmpty ? 'expected a value; leave the key out for none' : 'expected a plain value',
    );
  });
  const result = readSetting(spec, scalars, { isList, isFound: file.isFound });
  if ('value' in result) return result.value;
  throw fail(offsetOf(items[result.item ?? 0]) ?? at, result.problem, SEE_HELP);
}

/** Nothing of the text is in the messages: it may hold a secret. */
function parse(text: string, lineCounter: LineCounter, fail: Fail): Document {
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem === undefined) return document;
  throw fail(problem.pos[0], describeProblem(problem.code, problem.message));
}

function describeProblem(code: string, message: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'this key stands here a second time';
    case 'MULTIPLE_DOCS':
      return 'a second document begins here; expected one';
    case 'RESOURCE_EXHAUSTION':
      return 'nested too deeply';
    case 'TAG_RESOLVE_FAILED':
      return 'expected plain YAML, without tags of its own';
    default:
      return `not valid YAML: ${message.split(':', 1)[0] ?? ''}`;
  }
}

function readText({ path, isFound }: ConfigurationFile, fail: Fail): string {
  try {
    return decodeText(readBounded(path, { maxBytes: MAX_BYTES, isPipeRead: !isFound }));
  } catch (cause) {
    throw fail(undefined, `cannot be read: ${reasonOf(cause)}`, GIVE_FILE);
  }
}

const GIVE_FILE =
  'Name a file that exists and that you may read with --config, or remove the one that is there.';
