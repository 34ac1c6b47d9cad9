import { join } from 'node:path';
import { randomBody, sha256 } from '../../origin/random.ts';
import { createTarGz } from '../archives/tar.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand } from '../commands.ts';
import { sendResource } from '../responses.ts';
import type { Resource } from '../responses.ts';
import type { Handler, Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

const imageType = 'application/vnd.oci.image';

/** An image in a registry, and `skopeo copy` of it to a folder. It asks by HTTPS wherever that answers. */
export const skopeoTwin: Twin = {
  name: 'skopeo-copy',
  tools: ['openssl'],
  version: ['skopeo', '--version'],
  schemes: ['https'],
  available: () => missingCommand('skopeo'),
  createHandler: serveImage,
  prepare(directory, baseUrl) {
    const { protocol, host } = new URL(baseUrl);
    const options = protocol === 'http:' ? ['--src-tls-verify=false'] : [];
    const policy = ['--insecure-policy', '--registries.d', '/var/empty', '--tmpdir', directory];
    return {
      argv: ['skopeo', ...policy, 'copy', '-q', ...options, `docker://${host}/twin/image:1`, 'dir:image'],
      env: hermeticEnvironment(directory),
      cwd: directory,
    };
  },
  stored: (directory) => storedBelow(join(directory, 'image'), { only: /^[0-9a-f]{64}$/, asFetched: true }),
};

function serveImage(): Handler {
  const resources = new Map<string, Resource>();
  const put = (kind: string, type: string, body: Buffer) => {
    const digest = `sha256:${sha256(body)}`;
    resources.set(`/v2/twin/image/${kind}/${digest}`, { type, body });
    return { mediaType: type, digest, size: body.length };
  };
  const layer = put(
    'blobs',
    `${imageType}.layer.v1.tar+gzip`,
    createTarGz({ 'data.bin': randomBody(90_000, 'layer') }),
  );
  const settings = {
    architecture: 'amd64',
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  };
  const config = put('blobs', `${imageType}.config.v1+json`, Buffer.from(JSON.stringify(settings)));
  const type = `${imageType}.manifest.v1+json`;
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: type, config, layers: [layer] });
  resources.set('/v2/twin/image/manifests/1', { type, body: manifest });
  resources.set('/v2/', { type: 'application/json', body: '{}' });
  return (served) => sendResource(served, resources.get(served.url.pathname));
}
