// https://docs.gradle.org/current/userguide/dependency_verification.html, https://docs.gradle.org/current/userguide/multi_project_builds.html
import { join } from 'node:path';
import { directoriesUp, nearestWith } from './directories-up.ts';

/** That of the build which the directory is a project of. */
export function findGradleVerification(directory: string): string[] {
  const root = nearestWith(directoriesUp(directory), 'settings.gradle', 'settings.gradle.kts');
  return root === undefined ? [] : [join(root, 'gradle', 'verification-metadata.xml')];
}
