import type { FormatId } from './format-ids.ts';

/** What of a file is enough to know it by. */
export const SIGNATURE_BYTES = 16_384;

/** JSON of these members, whatever white space a formatter left between them. */
const json = (start: string): RegExp => new RegExp(`^\\s*${start.replaceAll(' ', '\\s*')}`);
const STATEMENT = '\\{ "_type" : "https://in-toto\\.io/Statement/v1" ,[^]*?';

/** How a document of each format begins that proxaudit wrote: no other tool's of the same format does. */
const signatures: { readonly [Id in FormatId]: RegExp } = {
  cyclonedx: json(
    '\\{ "\\$schema" : "[^"]*" , "bomFormat" : "CycloneDX" ,[^]{0,2000}?"tools" : \\{ "components" : \\[ \\{ "type" : "application" , "name" : "proxaudit"',
  ),
  intoto: json(`${STATEMENT}"predicate" : \\{ "monitor" : \\{ "type" : "urn:proxaudit:monitor:v1"`),
  json: json(
    '\\{ "schemaVersion" : 1 , "runs" : \\[ \\{ "runId" : "(?:[^"\\\\]|\\\\.)*" , "tool" : \\{ "name" : "proxaudit"',
  ),
  markdown: /^### proxaudit: /,
  predicate: json('\\{ "monitor" : \\{ "type" : "urn:proxaudit:monitor:v1"'),
  sarif: json(
    '\\{ "\\$schema" : "[^"]*" , "version" : "2\\.1\\.0" , "runs" : \\[ \\{ "tool" : \\{ "driver" : \\{ "name" : "proxaudit"',
  ),
  slsa: json(
    `${STATEMENT}"predicate" : \\{ "buildDefinition" : \\{ "buildType" : "urn:proxaudit:command:v1"`,
  ),
};

/** The format of a report that proxaudit wrote, by its first `SIGNATURE_BYTES`; undefined for anything else. */
export function formatOf(start: string): FormatId | undefined {
  const found = Object.entries(signatures).find(([, signature]) => signature.test(start));
  return found?.[0] as FormatId | undefined;
}
