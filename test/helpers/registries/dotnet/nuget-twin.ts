import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBody } from '../../origin/random.ts';
import { createZip } from '../archives/zip.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand } from '../commands.ts';
import { binary, sendResource, text } from '../responses.ts';
import type { Handler, Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

const feed = '/api/v2';

/** Mono's NuGet, and a feed of one package for it. Mono's trust is a folder of its own: see the tools that refuse. */
export const nugetTwin: Twin = {
  name: 'nuget-install',
  tools: ['openssl'],
  // It takes a minute to write its help into a socket.
  version: ['sh', '-c', 'nuget help | head -n 1'],
  schemes: ['http'],
  available: () => missingCommand('nuget'),
  createHandler: serveFeed,
  prepare(directory, baseUrl) {
    const wanted = '<packages><package id="Twin" version="1.0.0"/></packages>';
    writeFileSync(join(directory, 'packages.config'), `<?xml version="1.0" encoding="utf-8"?>\n${wanted}\n`);
    const source = ['-Source', `${baseUrl}${feed}`, '-OutputDirectory', 'packages'];
    return {
      argv: ['nuget', 'install', 'packages.config', ...source, '-NoCache', '-NonInteractive'],
      env: hermeticEnvironment(directory),
      cwd: directory,
    };
  },
  stored: (directory) =>
    storedBelow(join(directory, 'packages'), { only: /\.(?:nupkg|bin)$/, asFetched: false }),
};

function serveFeed(): Handler {
  const nupkg = binary(createPackage());
  return (served) => {
    const path = decodeURIComponent(served.url.pathname);
    if (path === feed) return sendResource(served, text('A feed.\n'));
    const isDescription = path === `${feed}/Packages(Id='Twin',Version='1.0.0')`;
    if (isDescription)
      return sendResource(served, { type: 'application/atom+xml', body: describe(served.base) });
    sendResource(served, path === `${feed}/package/Twin/1.0.0` ? nupkg : undefined);
  };
}

/** A package is a zip archive of the Open Packaging Conventions. */
function createPackage(): Buffer {
  const schemas = 'http://schemas.openxmlformats.org/package/2006';
  const types = ['rels', 'nuspec', 'bin'].map(
    (extension) => `<Default Extension="${extension}" ContentType="application/octet-stream"/>`,
  );
  const about =
    '<id>Twin</id><version>1.0.0</version><authors>twin</authors><description>A twin.</description>';
  const manifest = 'http://schemas.microsoft.com/packaging/2010/07/manifest';
  return createZip({
    '[Content_Types].xml': `<Types xmlns="${schemas}/content-types">${types.join('')}</Types>`,
    '_rels/.rels': `<Relationships xmlns="${schemas}/relationships"><Relationship Type="${manifest}" Target="/Twin.nuspec" Id="R1"/></Relationships>`,
    'Twin.nuspec': `<package><metadata>${about}</metadata></package>`,
    'tools/data.bin': randomBody(80_000, 'nuget package'),
  });
}

function describe(base: string): string {
  const services = 'http://schemas.microsoft.com/ado/2007/08/dataservices';
  const names = `xmlns="http://www.w3.org/2005/Atom" xmlns:d="${services}" xmlns:m="${services}/metadata"`;
  const id = `${base}${feed}/Packages(Id='Twin',Version='1.0.0')`;
  return [
    `<entry xml:base="${base}${feed}/" ${names}><id>${id}</id><title>Twin</title>`,
    '<updated>2020-01-01T00:00:00Z</updated><author><name>twin</name></author>',
    `<category term="NuGet.Server.DataServices.Package" scheme="${services}/scheme"/>`,
    `<content type="application/zip" src="${base}${feed}/package/Twin/1.0.0"/>`,
    '<m:properties><d:Version>1.0.0</d:Version></m:properties></entry>',
  ].join('');
}
