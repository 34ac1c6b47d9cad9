import { afterAll, beforeAll } from 'vitest';
import { createUser, type AuditedUser } from './audited-user.ts';
import { createAuthority, type Authority } from './origin/authority.ts';
import { startOrigin, type Origin } from './origin/origin.ts';
import { resolveArguments } from './origin/proxaudit-arguments.ts';
import { createWorkspace } from './origin/workspace.ts';

/** What most runs need: an origin, a user, and the options by which the one reaches the other as `origin.test`. */
export interface Scene {
  readonly directory: string;
  readonly user: AuditedUser;
  readonly authority: Authority;
  readonly origin: Origin;
  readonly options: readonly string[];
}

/** Sets the scene for the tests of a file; to be asked for within them. */
export function useScene(name: string): () => Scene {
  const workspace = createWorkspace(name);
  const { directory } = workspace;
  const user = createUser(directory, 'user');
  let scene: Scene | undefined;
  beforeAll(async () => {
    const authority = createAuthority(directory);
    const origin = await startOrigin(authority);
    const options = ['--upstream-ca', authority.file, ...resolveArguments('origin.test', origin)];
    scene = { directory, user, authority, origin, options };
  });
  afterAll(async () => {
    await scene?.origin.close();
    workspace.remove();
  });
  return () => {
    if (scene === undefined) throw new Error('the scene is not set yet');
    return scene;
  };
}
