import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBody } from '../../origin/random.ts';
import { createZip } from '../archives/zip.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand } from '../commands.ts';
import { binary, json, sendResource } from '../responses.ts';
import type { Handler, Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

const platform = `linux_${process.arch === 'arm64' ? 'arm64' : 'amd64'}`;
const archive = `terraform-provider-twin_1.0.0_${platform}.zip`;
const source = 'registry.example/twin/twin';

/** `terraform init` of a module from a server and of a provider from a mirror, which must be one that speaks TLS. */
export const terraformTwin: Twin = {
  name: 'terraform-init',
  tools: ['openssl'],
  version: ['terraform', 'version'],
  schemes: ['https'],
  available: () => missingCommand('terraform'),
  createHandler: serveProvider,
  prepare(directory, baseUrl) {
    mkdirSync(join(directory, 'project'));
    const provider = `twin = { source = "${source}", version = "1.0.0" }`;
    writeFileSync(
      join(directory, 'project', 'main.tf'),
      `terraform {\n  required_providers {\n    ${provider}\n  }\n}\n` +
        `module "twin" {\n  source = "${baseUrl}/module.zip"\n}\n`,
    );
    const mirror = `network_mirror {\n    url = "${baseUrl}/providers/"\n  }`;
    writeFileSync(
      join(directory, 'terraformrc'),
      `disable_checkpoint = true\nprovider_installation {\n  ${mirror}\n}\n`,
    );
    return {
      argv: ['terraform', 'init', '-no-color', '-input=false'],
      env: hermeticEnvironment(directory, { TF_CLI_CONFIG_FILE: join(directory, 'terraformrc') }),
      cwd: join(directory, 'project'),
    };
  },
  stored: (directory) =>
    storedBelow(join(directory, 'project', '.terraform'), {
      only: /^(?:providers|modules\/twin)\//,
      asFetched: false,
    }),
};

function serveProvider(): Handler {
  const provider = createZip({ 'terraform-provider-twin_v1.0.0': randomBody(120_000, 'terraform provider') });
  const module = createZip({ 'main.tf': 'output "twin" {\n  value = 1\n}\n' });
  const resources = new Map([
    ['/module.zip', binary(module)],
    [`/providers/${source}/index.json`, json({ versions: { '1.0.0': {} } })],
    [`/providers/${source}/1.0.0.json`, json({ archives: { [platform]: { url: archive } } })],
    [`/providers/${source}/${archive}`, binary(provider)],
  ]);
  return (served) => sendResource(served, resources.get(served.url.pathname));
}
