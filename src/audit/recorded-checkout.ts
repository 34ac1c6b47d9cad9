import type { FactOf } from '../model/events.ts';
import type { Redactor } from '../redaction/index.ts';
import { findGitCheckout } from './git-commit.ts';

/** The checkout as it is journaled: a remote without userinfo, and none that is a path of this machine. */
export function recordedCheckout(cwd: string, redactor: Redactor): Pick<FactOf<'run-started'>, 'git'> {
  const found = findGitCheckout(cwd);
  if (found === undefined) return {};
  const { commit, ref, remote, prefix, anchor } = found;
  const url = toUrl(remote ?? '');
  return {
    git: {
      commit,
      ...(ref === undefined ? {} : { ref: redactor.text(ref) }),
      ...(url === undefined ? {} : { remote: redactor.url(url) }),
      prefix: redactor.text(prefix),
      ...(anchor === undefined ? {} : { anchor: redactor.text(anchor) }),
    },
  };
}

/** `host:path` is what ssh is asked for. https://git-scm.com/docs/git-clone#_git_urls */
function toUrl(remote: string): string | undefined {
  const [, scheme, rest = ''] = /^((?:https?|ssh|git|git\+ssh|ftps?):\/\/)(.+)$/i.exec(remote) ?? [];
  if (scheme !== undefined) return scheme.toLowerCase() + rest.replace(/^[^/?#]*@/, '');
  const [, host, path = ''] = /^(?:[^/:]*@)?([^/:@\s]{2,}):(?!:|\/\/)(.+)$/.exec(remote) ?? [];
  return host === undefined ? undefined : `ssh://${host}/${path.replace(/^\//, '')}`;
}
