import { describe, expect, it } from 'vitest';
import { parseShebang } from '../../src/child/shebang.ts';

describe('parseShebang', () => {
  it.each([
    ['#!/bin/sh\necho', '/bin/sh', undefined],
    ['#!/bin/sh', '/bin/sh', undefined],
    ['#! \t/bin/sh -e \n', '/bin/sh', '-e'],
    ['#!/usr/bin/env -S node --no-warnings\n', '/usr/bin/env', '-S node --no-warnings'],
    ['#!/usr/bin/env\tpython3\n', '/usr/bin/env', 'python3'],
    ['#!bash\n', 'bash', undefined],
    ['#!/bin/sh\r\n', '/bin/sh\r', undefined],
  ])('reads %j as the kernel does', (head, interpreter, argument) => {
    expect(parseShebang(head)).toEqual({ interpreter, argument });
  });

  it.each(['', '#', '#!', '#!\n/bin/sh', '#! \t\n', ' #!/bin/sh\n', '# !/bin/sh\n', 'echo #!/bin/sh'])(
    'finds none in %j',
    (head) => {
      expect(parseShebang(head)).toBeUndefined();
    },
  );
});
