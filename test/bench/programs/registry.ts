// The hermetic npm registry with a fixed delay for each response.
import { createAuthority } from '../../helpers/origin/authority.ts';
import { npmTwin } from '../../helpers/registries/npm/npm-twin.ts';
import { startTwin } from '../../helpers/registries/start-twin.ts';
import { programArguments } from '../serve-until-stdin-closes.ts';

interface RegistryArguments {
  readonly directory: string;
  readonly count: number;
  readonly delayMs: number;
}

const { directory, count, delayMs } = programArguments<RegistryArguments>();
const authority = createAuthority(directory, 'registry-authority');
const { ports } = await startTwin(npmTwin({ count }), { authority, directory, delayMs });
process.stdout.write(`${JSON.stringify({ port: ports.https, ca: authority.file })}\n`);
process.stdin.resume().on('end', () => process.exit(0));
