import { describe, it } from 'vitest';
import { useChildDriver } from '../helpers/child-driver.ts';
import { ptyScenarios, sessionScenarios } from '../helpers/pty-scenarios.ts';

const driver = useChildDriver();

describe('the scenarios themselves hold for a bare command', () => {
  for (const { title, check } of ptyScenarios) it(title, () => check([]));
});

describe('a command in a terminal', () => {
  for (const { title, check } of ptyScenarios) it(title, () => check(driver()));
});

describe('a session in a terminal', () => {
  for (const { title, check } of sessionScenarios) it(title, () => check(driver()));
});
