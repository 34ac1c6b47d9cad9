import { describe, expect, it } from 'vitest';
import { useChildDriver } from '../helpers/child-driver.ts';
import { runInPty } from '../helpers/pty.ts';
import { ptyScenarios, sessionScenarios } from '../helpers/pty-scenarios.ts';

const driver = useChildDriver();

describe('the scenarios themselves hold for a bare command', () => {
  for (const { title, check } of ptyScenarios) it(title, () => check([]));
});

describe('a command in a terminal', () => {
  for (const { title, check } of ptyScenarios) it(title, () => check(driver()));

  it('gets the Ctrl-C that came just before it was there', async () => {
    const { status } = await runInPty({
      argv: [...driver(), '--early', 'SIGINT', '--', 'sleep', '60'],
      steps: [],
    });
    expect(status).toBe(130);
  });
});

describe('a session in a terminal', () => {
  for (const { title, check } of sessionScenarios) it(title, () => check(driver()));
});
