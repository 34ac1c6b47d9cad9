import { isMap, isScalar, isSeq } from 'yaml';
import { findingRules, type FindingRule } from '../model/finding-rules.ts';
import type { Waiver } from '../model/waiver.ts';
import { offsetOf, type Fail } from './yaml-place.ts';

const MAX_WAIVERS = 1_000;
const MAX_TEXT = 1_000;
const HINT =
  'A waiver is { finding: RULE, subject: TEXT, reason: TEXT, expires: YYYY-MM-DD }, the last one optional.';
/** What a journal says of itself must not be talked away. */
const NEVER: ReadonlySet<string> = new Set<FindingRule>(['tampered', 'truncated']);
const RULES = findingRules.map(({ id }) => id).filter((id) => !NEVER.has(id));
const MEMBERS: ReadonlySet<string> = new Set(['finding', 'subject', 'reason', 'expires']);

interface Member {
  readonly text: string;
  /** Where it stands. */
  readonly at: number | undefined;
}

/** The list that the key `waivers` has. `at` is where the key stands. */
export function readWaivers(node: unknown, at: number | undefined, fail: Fail): Waiver[] {
  if (!isSeq(node)) throw fail(offsetOf(node) ?? at, 'expected a list of waivers', HINT);
  if (node.items.length > MAX_WAIVERS) throw fail(at, `expected at most ${MAX_WAIVERS} waivers`, HINT);
  return node.items.map((item) => readWaiver(item, offsetOf(item) ?? at, fail));
}

function readWaiver(item: unknown, at: number | undefined, fail: Fail): Waiver {
  if (!isMap(item)) throw fail(at, 'expected a waiver', HINT);
  const texts = new Map<string, Member>();
  for (const { key, value } of item.items) {
    const place = offsetOf(key) ?? at;
    const name = isScalar(key) && typeof key.value === 'string' ? key.value : '';
    if (!MEMBERS.has(name)) throw fail(place, 'expected finding, subject, reason or expires', HINT);
    texts.set(name, { text: readText(value, offsetOf(value) ?? place, fail), at: offsetOf(value) ?? place });
  }
  const need = (name: string): Member => {
    const member = texts.get(name);
    if (member === undefined) throw fail(at, `the waiver has no ${name}`, HINT);
    return member;
  };
  return {
    finding: readRule(need('finding'), fail),
    subject: need('subject').text,
    reason: need('reason').text,
    ...readExpiry(texts.get('expires'), fail),
  };
}

function readRule({ text, at }: Member, fail: Fail): FindingRule {
  const rule = RULES.find((id) => id === text);
  if (rule === undefined) throw fail(at, describeRule(text), HINT);
  return rule;
}

function readExpiry(member: Member | undefined, fail: Fail): Pick<Waiver, 'expires'> {
  if (member === undefined) return {};
  if (isDate(member.text)) return { expires: member.text };
  throw fail(member.at, 'expires: expected a day, for example 2027-01-31', HINT);
}

function describeRule(text: string): string {
  if (NEVER.has(text)) return `${text} cannot be waived`;
  return `there is no such finding; expected one of ${RULES.join(', ')}`;
}

/** As it is written: a date is no number. */
function readText(node: unknown, at: number | undefined, fail: Fail): string {
  const text = isScalar(node) ? (typeof node.value === 'string' ? node.value : (node.source ?? '')) : '';
  if (text.trim() === '') throw fail(at, 'expected a text', HINT);
  if (text.length > MAX_TEXT) throw fail(at, `expected at most ${MAX_TEXT} characters`, HINT);
  return text;
}

/** One that there is: no 30th of February. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
