// https://packaging.python.org/en/latest/specifications/version-specifiers/#normalization

const pattern =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|beta|preview|pre|a|b|c|rc)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(?:post|rev|r)[-_.]?(\d*))?(?:([-_.]?dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/;
const phases: Readonly<Record<string, string>> = { alpha: 'a', beta: 'b', c: 'rc', pre: 'rc', preview: 'rc' };
const MAX_LENGTH = 256;

/** Equal for equal versions, however Python projects write them; what is none stays as it is. */
export function normalisePythonVersion(text: string): string {
  if (/^(?:0|[1-9]\d{0,8})(?:\.(?:0|[1-9]\d{0,8})){0,9}$/.test(text)) return withoutZeros(text);
  const bare = text.trim().toLowerCase();
  const match = bare.length > MAX_LENGTH ? null : pattern.exec(bare);
  if (match === null) return text;
  const [, epoch, release = '', phase, phaseNumber, dash, post = dash, dev, devNumber, local] = match;
  return [
    number(epoch) === '0' ? '' : `${number(epoch)}!`,
    withoutZeros(release.split('.').map(number).join('.')),
    numbered(phase && (phases[phase] ?? phase), phaseNumber),
    post === undefined ? '' : `.post${number(post)}`,
    numbered(dev && '.dev', devNumber),
    local === undefined ? '' : `+${local.split(/[-_.]/).map(localPart).join('.')}`,
  ].join('');
}

function numbered(name: string | undefined, digits: string | undefined): string {
  return name === undefined ? '' : `${name}${number(digits)}`;
}

function withoutZeros(release: string): string {
  let rest = release;
  while (rest.endsWith('.0')) rest = rest.slice(0, -2);
  return rest;
}

const number = (digits = ''): string => digits.replace(/^0+(?=\d)/, '') || '0';
const localPart = (part: string): string => (/^\d+$/.test(part) ? number(part) : part);
