import { installTool, packagesOf } from '../../tools/install-tool.ts';
import type { ToolPackage } from '../../tools/install-tool.ts';
import { missingCommand, runOffline } from '../commands.ts';
import { downloadTwin } from '../download/download-twin.ts';
import type { Twin } from '../scenario.ts';

/** The newest .NET that PyPI has: a runtime alone, and older than OpenSSL 3, so that it needs another one beside it. */
const tool: ToolPackage = {
  ...{ from: 'pypi', name: 'dotnetcore2', version: '3.1.23' },
  beside: ['psycopg2-binary==2.9.5'],
};
const packages = `${packagesOf(tool)}/lib/python3*/site-packages`;
const dotnet = `${packages}/dotnetcore2/bin/dotnet`;

const program = `
using System.IO;
using System.Net.Http;
static class Program {
  static void Main(string[] urls) {
    using (var client = new HttpClient())
      foreach (var url in urls)
        File.WriteAllBytes("downloads/" + Path.GetFileName(url), client.GetByteArrayAsync(url).Result);
  }
}
`;
const settings = {
  framework: { name: 'Microsoft.NETCore.App', version: '3.1.0' },
  configProperties: { 'System.Globalization.Invariant': true },
};
const assemblies = 'Private.CoreLib Private.Uri Runtime Runtime.Extensions Net.Http IO.FileSystem';

/** Compiled against the runtime by Mono's compiler, as the one of .NET is part of its SDK. */
const build = `set -e
mkdir openssl
ln -s ${packages}/psycopg2_binary.libs/*.so.1.1 openssl/
(cd openssl; ln -s libssl-*.so.1.1 libssl.so.1.1)
for name in ${assemblies}; do
  set -- "$@" "-r:$(echo ${packages}/dotnetcore2/bin/shared/Microsoft.NETCore.App/*/System.$name.dll)"
done
mcs -nostdlib -noconfig "$@" -out:fetch.dll fetch.cs
echo '${JSON.stringify({ runtimeOptions: settings })}' >fetch.runtimeconfig.json
chmod +x ${dotnet}
`;

/** HttpClient of .NET, which its package manager uses too. */
export const dotnetTwin: Twin = downloadTwin({
  name: 'dotnet-http-client',
  tools: ['openssl'],
  version: ['sh', '-c', `${dotnet} --list-runtimes`],
  available: async () => missingCommand('mcs') ?? (await installTool(tool)).reason,
  argv: ['sh', '-c', `LD_LIBRARY_PATH="$PWD/openssl" exec ${dotnet} fetch.dll "$@"`, 'sh'],
  program: ['fetch.cs', program],
  build(directory) {
    runOffline(['sh', '-c', build], { cwd: directory, env: process.env });
  },
});
