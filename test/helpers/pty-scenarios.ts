import path from 'node:path';
import { expect } from 'vitest';
import { keys, runInPty, type PtyStep } from './pty.ts';

/**
 * What a terminal user may expect of a command, wrapped or not. `wrapper` is the program and its options that stand
 * before `--`; empty, the scenario proves itself on the bare command.
 */
export interface PtyScenario {
  readonly title: string;
  readonly check: (wrapper: readonly string[]) => Promise<void>;
}

const program = (name: string): string => path.resolve(import.meta.dirname, '../fixtures/programs', name);
const python = (name: string, ...args: string[]): string[] => ['python3', program(name), ...args];

function wrap(wrapper: readonly string[], command: readonly string[]): string[] {
  return wrapper.length === 0 ? [...command] : [...wrapper, '--', ...command];
}

const bash = ['bash', '--norc', '--noprofile', '-i'];
const bashEnv = { ...process.env, PS1: 'prompt> ', PS2: '', HISTFILE: '/dev/null', TERM: 'dumb' };

/** The words as one line for a shell. */
function quoteLine(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}

/** Starts the wrapped command as a job of an interactive bash and plays the steps. */
async function underBash(wrapper: readonly string[], command: readonly string[], steps: readonly PtyStep[]) {
  return runInPty({
    argv: bash,
    env: bashEnv,
    columns: 400,
    timeout: 30,
    steps: [
      { expect: 'prompt> ' },
      { send: `${quoteLine(wrap(wrapper, command))}\n` },
      // The echo of what was typed.
      { expect: '\r\n' },
      ...steps,
    ],
  });
}

const endBash: PtyStep[] = [{ send: 'exit 0\n' }];

export const ptyScenarios: readonly PtyScenario[] = [
  {
    title: 'all three standard streams are the terminal, and the child is in its foreground group',
    check: async (wrapper) => {
      const { output, status } = await runInPty({
        argv: wrap(wrapper, python('describe-terminal.py')),
        steps: [],
      });
      expect(output).toContain('isatty True True True');
      expect(output).toContain('foreground True');
      expect(status).toBe(0);
    },
  },
  {
    title: 'Ctrl-C reaches the child once, and its exit code counts',
    check: async (wrapper) => {
      const argv = wrap(wrapper, python('count-signal.py', 'SIGINT'));
      const { output, status } = await runInPty({
        argv,
        steps: [{ expect: 'ready' }, { send: keys.interrupt }],
      });
      expect(output).toContain('got 1 x SIGINT');
      expect(status).toBe(7);
    },
  },
  {
    title: 'Ctrl-C reaches the child once when only its stderr is the terminal',
    check: async (wrapper) => {
      const command = ['sh', '-c', `exec ${quoteLine(python('count-signal.py', 'SIGINT'))} </dev/null 1>&2`];
      const redirect = { 0: '/dev/null', 1: '/dev/null' };
      const steps = [{ expect: 'ready' }, { send: keys.interrupt }];
      const { output, status } = await runInPty({ argv: wrap(wrapper, command), redirect, steps });
      expect(output).toContain('got 1 x SIGINT');
      expect(status).toBe(7);
    },
  },
  {
    title: 'Ctrl-\\ reaches the child once',
    check: async (wrapper) => {
      const argv = wrap(wrapper, python('count-signal.py', 'SIGQUIT'));
      const { output, status } = await runInPty({ argv, steps: [{ expect: 'ready' }, { send: keys.quit }] });
      expect(output).toContain('got 1 x SIGQUIT');
      expect(status).toBe(7);
    },
  },
  {
    title: 'a signal from elsewhere reaches the child',
    check: async (wrapper) => {
      const argv = wrap(wrapper, python('count-signal.py', 'SIGTERM'));
      const { output, status } = await runInPty({
        argv,
        steps: [{ expect: 'ready' }, { signal: 'SIGTERM' }],
      });
      expect(output).toContain('got 1 x SIGTERM');
      expect(status).toBe(7);
    },
  },
  {
    title: 'Ctrl-C ends a child that does not handle it, with status 130',
    check: async (wrapper) => {
      const argv = wrap(wrapper, ['sh', '-c', 'echo ready; exec sleep 60']);
      const result = await runInPty({
        argv,
        steps: [{ expect: 'ready' }, { sleep: 0.1 }, { send: keys.interrupt }],
      });
      expect(result).toMatchObject(wrapper.length === 0 ? { signal: 2 } : { status: 130 });
    },
  },
  {
    title: 'no Ctrl-C is lost while the command starts',
    check: async (wrapper) => {
      const argv = wrap(wrapper, ['sleep', '60']);
      for (let delay = 0; delay < 0.36; delay += 0.02) {
        const { status, signal } = await runInPty({
          argv,
          steps: [{ sleep: delay }, { send: keys.interrupt }],
        });
        // Before our handlers stand, Ctrl-C ends us as it ends any program.
        expect(signal ?? status).toBeOneOf([2, 130]);
      }
    },
  },
  {
    title: 'Ctrl-Z stops all of it and fg continues it',
    check: async (wrapper) => {
      const states = `for s in /proc/[0-9]*/stat; do awk -v g=$(jobs -p %1) '$5==g{print "state=" $3}' $s 2>/dev/null; done`;
      const { output } = await underBash(wrapper, python('count-signal.py', 'SIGINT'), [
        { expect: 'ready' },
        { send: keys.suspend },
        { expect: 'Stopped' },
        { expect: 'prompt> ' },
        { send: `${states}; echo all seen\n` },
        { expect: '\nall seen' },
        { send: 'fg\n' },
        { sleep: 0.3 },
        { send: keys.interrupt },
        { expect: 'got 1 x SIGINT' },
        { expect: 'prompt> ' },
        { send: 'echo code $?\n' },
        { expect: '\ncode 7' },
        ...endBash,
      ]);
      const seen = output.match(/state=\w/g) ?? [];
      expect(seen.length).toBeGreaterThanOrEqual(wrapper.length === 0 ? 1 : 2);
      expect(new Set(seen)).toEqual(new Set(['state=T']));
    },
  },
  {
    title: 'a child that stops itself gives the terminal back to the shell, and fg continues it',
    check: async (wrapper) => {
      await underBash(wrapper, python('stop-alone.py'), [
        { expect: 'before stop' },
        { expect: 'Stopped' },
        { expect: 'prompt> ' },
        { send: 'fg\n' },
        { expect: 'after stop' },
        { expect: 'prompt> ' },
        { send: 'echo code $?\n' },
        { expect: '\ncode 5' },
        ...endBash,
      ]);
    },
  },
  {
    title: 'a job in the background is not stopped or interrupted by the keyboard',
    check: async (wrapper) => {
      await underBash(
        wrapper,
        ['sh', '-c', 'echo ready; sleep 60'],
        [
          { expect: 'ready' },
          // Stopped between vfork and exec, a shell and its child would wait for each other.
          { sleep: 0.3 },
          { send: keys.suspend },
          { expect: 'Stopped' },
          { expect: 'prompt> ' },
          { send: 'bg\n' },
          { expect: 'prompt> ' },
          { sleep: 0.3 },
          { send: keys.interrupt },
          { sleep: 0.3 },
          // An interrupted prompt may swallow the next character.
          { send: ' jobs\n' },
          { expect: 'Running' },
          { send: 'kill %1; wait %1; echo code $?\n' },
          { expect: '\ncode 143' },
          ...endBash,
        ],
      );
    },
  },
  {
    title: 'the child sees the size of the window and its changes',
    check: async (wrapper) => {
      const { output, status } = await runInPty({
        argv: wrap(wrapper, ['sh', program('watch-size.sh')]),
        rows: 33,
        columns: 99,
        steps: [{ expect: 'size 33 99' }, { resize: [44, 111] }, { expect: 'changed to 44 111' }],
      });
      expect(output).toContain('changed to 44 111');
      expect(status).toBe(3);
    },
  },
  {
    title: 'the modes of the terminal stay as the child left them',
    check: async (wrapper) => {
      const { echo } = await runInPty({ argv: wrap(wrapper, ['stty', '-echo']), steps: [] });
      expect(echo).toBe(false);
    },
  },
  {
    title: 'what is typed reaches the child',
    check: async (wrapper) => {
      const argv = wrap(wrapper, ['sh', '-c', 'echo ask; read -r answer; echo "heard <$answer>"; cat']);
      const steps = [
        { expect: 'ask' },
        { send: 'one two\n' },
        { expect: 'heard <one two>' },
        { send: 'x\n' },
      ];
      const { status } = await runInPty({
        argv,
        steps: [...steps, { expect: 'x\r\nx' }, { send: keys.endOfFile }],
      });
      expect(status).toBe(0);
    },
  },
];

/** What a session in the user's own shell must do; `wrapper` alone starts it, with SHELL set to bash. */
export const sessionScenarios: readonly PtyScenario[] = [
  {
    title: 'without a command the user’s shell runs, with job control, and its exit code counts',
    check: async (wrapper) => {
      const { output, status } = await runInPty({
        argv: wrapper,
        env: { ...bashEnv, SHELL: program('session-shell.sh') },
        steps: [
          { expect: 'prompt> ' },
          { send: 'sleep 60\n' },
          { sleep: 0.3 },
          { send: keys.interrupt },
          { expect: 'prompt> ' },
          { send: 'echo code $?\n' },
          { expect: '\ncode 130' },
          { send: 'sleep 60\n' },
          { sleep: 0.3 },
          { send: keys.suspend },
          { expect: 'Stopped' },
          { expect: 'prompt> ' },
          { send: 'fg\n' },
          { expect: 'sleep 60\r\n' },
          { sleep: 0.3 },
          { send: keys.interrupt },
          { expect: 'prompt> ' },
          { send: 'exit 5\n' },
        ],
      });
      expect(output).not.toContain('no job control');
      expect(status).toBe(5);
    },
  },
  {
    title: 'suspend in the session gives the terminal back to the outer shell, and fg returns to it',
    check: async (wrapper) => {
      await runInPty({
        argv: bash,
        env: { ...bashEnv, SHELL: program('session-shell.sh') },
        columns: 400,
        steps: [
          { expect: 'prompt> ' },
          { send: `export PS1='inner> '; ${quoteLine(wrapper)}; PS1='outer> '\n` },
          { expect: '\r\ninner> ' },
          { send: 'suspend\n' },
          { expect: 'Stopped' },
          { expect: '> ' },
          { send: 'jobs; fg\n' },
          { expect: 'Stopped' },
          { expect: '\r\ninner> ' },
          { send: 'echo still here; exit 4\n' },
          { expect: '\nstill here' },
          { expect: 'outer> ' },
          { send: 'echo code $?\n' },
          ...endBash,
        ],
      });
    },
  },
];
