import { expect, it } from 'vitest';
import { gitleaksRules } from '../../src/redaction/gitleaks-rules.ts';
import { tokenRules } from '../../src/redaction/token-rules.ts';

it('has rules that are tried where their prefix stands, and nowhere else', () => {
  for (const { pattern, prefixes } of [...tokenRules, ...gitleaksRules]) {
    expect(pattern.source, String(pattern)).toMatch(/^\^/);
    expect(pattern.global || pattern.sticky, String(pattern)).toBe(false);
    for (const prefix of prefixes) {
      expect(prefix.length, prefix).toBeGreaterThanOrEqual(2);
      // What matched without a prefix would never be found.
      expect(pattern.test(prefix.replace(/./g, '!')), prefix).toBe(false);
    }
  }
  expect(gitleaksRules.length).toBeGreaterThan(90);
});
