import { installTool, programOf } from '../../tools/install-tool.ts';
import type { ToolPackage } from '../../tools/install-tool.ts';
import { downloadTwin, forEachUrl } from '../download/download-twin.ts';
import type { Twin } from '../scenario.ts';

const tool: ToolPackage = { from: 'pypi', name: 'awscli', version: '1.46.3' };
const aws = programOf(tool, 'aws');

/** `aws s3api get-object` of objects whose API the registry is. */
export const awsTwin: Twin = downloadTwin({
  name: 'aws-s3api-get-object',
  tools: ['aws'],
  version: [aws, '--version'],
  available: async () => (await installTool(tool)).reason,
  argv: forEachUrl(
    `${aws} s3api get-object --endpoint-url "\${url%/files/*}" --bucket files --key "\${url##*/}" "$file"`,
  ),
  env: { AWS_ACCESS_KEY_ID: 'twin', AWS_SECRET_ACCESS_KEY: 'twin', AWS_DEFAULT_REGION: 'us-east-1' },
});
