/** A section, with the name that is its own. https://git-scm.com/docs/git-config#_syntax */
const SECTION = /^\s*\[\s*([a-z0-9.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/i;
const SETTING = /^([a-z][a-z0-9-]*)\s*=(.*)$/i;

/** The URL of the branch's own remote, else of `origin`, else of the only one. What other files include is not read. */
export function findRemote(config: string, ref: string | undefined): string | undefined {
  const settings = readSettings(config);
  const branch = ref?.replace(/^refs\/heads\//, '') ?? '';
  const own = settings.get(`branch\0${branch}\0remote`) ?? 'origin';
  const urls = [...settings].filter(([name]) => /^remote\0[^]*\0url$/.test(name)).map(([, url]) => url);
  return settings.get(`remote\0${own}\0url`) ?? settings.get('remote\0origin\0url') ?? onlyOf(urls);
}

/** The first value of each, by section, the section's own name, and key. */
function readSettings(config: string): Map<string, string> {
  const settings = new Map<string, string>();
  let section = '';
  for (const line of config.split('\n')) {
    const [head = '', kind, name = ''] = SECTION.exec(line) ?? [];
    if (kind !== undefined) section = `${kind.toLowerCase()}\0${unescape(name)}`;
    const [, key, value = ''] = SETTING.exec(line.slice(head.length).trim()) ?? [];
    const setting = `${section}\0${key?.toLowerCase() ?? ''}`;
    if (key !== undefined && !settings.has(setting)) settings.set(setting, valueOf(value.trim()));
  }
  return settings;
}

function onlyOf(urls: readonly string[]): string | undefined {
  return urls.length === 1 ? urls[0] : undefined;
}

/** Without quotes and comments. */
function valueOf(text: string): string {
  const [, quoted] = /^"((?:[^"\\]|\\.)*)"\s*(?:[#;].*)?$/.exec(text) ?? [];
  if (quoted !== undefined) return unescape(quoted);
  const comment = text.search(/[#;]/);
  return comment < 0 ? text : text.slice(0, comment).trimEnd();
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
