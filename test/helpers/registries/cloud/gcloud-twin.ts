import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand } from '../commands.ts';
import { readFiles } from '../download/files.ts';
import { binary, json, sendResource, type Resource } from '../responses.ts';
import type { Handler, Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

const objects = '/storage/v1/b/files/o/';
const names = ['small.bin', 'large.bin'];

/** `gcloud storage cp` of objects whose API the registry is. */
export const gcloudTwin: Twin = {
  name: 'gcloud-storage-cp',
  tools: ['gcloud'],
  version: ['gcloud', 'version'],
  available: () => missingCommand('gcloud'),
  createHandler: serveObjects,
  prepare(directory, baseUrl) {
    mkdirSync(join(directory, 'downloads'));
    return {
      argv: ['gcloud', 'storage', 'cp', ...names.map((name) => `gs://files/${name}`), 'downloads/'],
      env: hermeticEnvironment(directory, {
        CLOUDSDK_CONFIG: join(directory, 'gcloud'),
        CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: `${baseUrl}/storage/v1/`,
        CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
        CLOUDSDK_CORE_DISABLE_PROMPTS: 'true',
        CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
        CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: 'true',
      }),
      cwd: directory,
    };
  },
  stored: (directory) => storedBelow(join(directory, 'downloads'), { asFetched: true }),
};

function serveObjects(): Handler {
  const contents = readFiles();
  return (served) => {
    const { pathname, searchParams } = served.url;
    const path = pathname.replace(objects, '/files/');
    const content = contents.get(path);
    const isContent = searchParams.get('alt') === 'media';
    sendResource(served, content && (isContent ? binary(content) : describe(served.base, path, content)));
  };
}

function describe(base: string, path: string, content: Buffer): Resource {
  const name = path.replace('/files/', '');
  return json({
    kind: 'storage#object',
    ...{ bucket: 'files', name, generation: '1', metageneration: '1' },
    mediaLink: `${base}${objects}${name}?generation=1&alt=media`,
    size: String(content.length),
    md5Hash: createHash('md5').update(content).digest('base64'),
    timeCreated: '2020-01-01T00:00:00Z',
    updated: '2020-01-01T00:00:00Z',
  });
}
