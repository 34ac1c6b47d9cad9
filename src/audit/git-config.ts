/** A section, with the name that is its own. https://git-scm.com/docs/git-config#_syntax */
const SECTION = /^\s*\[\s*([a-z0-9.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/i;
const SETTING = /^\s*([a-z][a-z0-9-]*)\s*=\s*(.*?)\s*$/i;

/** The URL of the branch's own remote, else of `origin`, else of the only one. What other files include is not read. */
export function findRemote(config: string, ref: string | undefined): string | undefined {
  const urls = new Map<string, string>();
  const branch = ref?.replace(/^refs\/heads\//, '');
  let section: { kind: string; name: string } | undefined;
  let own: string | undefined;
  for (const line of config.split('\n')) {
    const [head, kind, name = ''] = SECTION.exec(line) ?? [];
    if (kind !== undefined) section = { kind: kind.toLowerCase(), name: unescape(name) };
    const [, key, value = ''] = SETTING.exec(line.slice(head?.length ?? 0)) ?? [];
    if (key === undefined || section === undefined) continue;
    const setting = `${section.kind}.${key.toLowerCase()}`;
    if (setting === 'remote.url' && !urls.has(section.name)) urls.set(section.name, valueOf(value));
    if (setting === 'branch.remote' && section.name === branch) own = valueOf(value);
  }
  const [only] = urls.size === 1 ? urls.values() : [];
  return (own === undefined ? undefined : urls.get(own)) ?? urls.get('origin') ?? only;
}

/** Without quotes and comments. */
function valueOf(text: string): string {
  const [, quoted] = /^"((?:[^"\\]|\\.)*)"\s*(?:[#;].*)?$/.exec(text) ?? [];
  return quoted === undefined ? text.replace(/\s*[#;].*$/, '') : unescape(quoted);
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
