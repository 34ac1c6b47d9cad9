import { expect, it } from 'vitest';
import { findLifecycle } from '../../src/attribution/lifecycle.ts';

const environ = (variables: Record<string, string>): string =>
  Object.entries({ PATH: '/bin', ...variables })
    .map(([name, value]) => `${name}=${value}\0`)
    .join('');
const script = {
  npm_lifecycle_event: 'postinstall',
  npm_package_name: '@scope/pad',
  npm_package_version: '1.3.0',
};

it('names the package and the script', () => {
  expect(findLifecycle(environ(script), {})).toEqual({
    packageName: '@scope/pad@1.3.0',
    script: 'postinstall',
  });
});

it('does without a version or a name', () => {
  expect(findLifecycle(environ({ ...script, npm_package_version: '' }), {})).toEqual({
    packageName: '@scope/pad',
    script: 'postinstall',
  });
  expect(findLifecycle(environ({ npm_lifecycle_event: 'install' }), {})).toEqual({ script: 'install' });
});

it('needs a script: a package alone says nothing', () => {
  expect(findLifecycle(environ({ npm_package_name: 'pad', npm_package_version: '1.0.0' }), {})).toEqual({});
  expect(findLifecycle('', {})).toEqual({});
});

it('leaves out what we inherited ourselves', () => {
  expect(findLifecycle(environ(script), script)).toEqual({});
  expect(findLifecycle(environ(script), { ...script, npm_package_name: 'outer' })).toMatchObject({
    script: 'postinstall',
  });
});

it('bounds what a hostile process says', () => {
  const { packageName, script: found } = findLifecycle(
    environ({ npm_lifecycle_event: 's'.repeat(10_000), npm_package_name: 'n'.repeat(10_000) }),
    {},
  );
  expect([packageName?.length, found?.length]).toEqual([256, 256]);
});
