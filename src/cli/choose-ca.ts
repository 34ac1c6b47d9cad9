import type { Command } from 'commander';
import type { CaChoice } from '../audit/index.ts';
import { AuditError } from '../support/errors.ts';
import { rankOf, type RunOptions } from './options.ts';

/** The CA that the options name. A flag overrules the other kind of CA in a variable, and a variable that in a file. */
export function chooseCa(command: Command): CaChoice {
  const { ca, caCert, caKey } = command.opts<RunOptions>();
  const hasFiles = caCert !== undefined || caKey !== undefined;
  const rank = rankOf(command, 'ca');
  const rankOfFiles = Math.max(rankOf(command, 'caCert'), rankOf(command, 'caKey'));
  if (ca !== undefined && hasFiles && rank === rankOfFiles) {
    throw new AuditError('bad-usage', `--ca ${ca} and --ca-cert name two different CAs`, {
      hint: 'Give one of them.',
    });
  }
  if (ca !== undefined && rank >= rankOfFiles) return { kind: ca };
  if (!hasFiles) return { kind: 'ephemeral' };
  if (caCert !== undefined && caKey !== undefined) return { kind: 'files', certFile: caCert, keyFile: caKey };
  const missing = caCert === undefined ? '--ca-cert' : '--ca-key';
  throw new AuditError('bad-usage', `${missing} is missing: a CA is a certificate and its key`, {
    hint: 'Give both --ca-cert FILE and --ca-key FILE.',
  });
}
