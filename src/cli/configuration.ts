import type { Command } from 'commander';
import { findConfiguration } from './find-configuration.ts';
import type { SharedOptions } from './options.ts';

/**
 * Sets what configuration files say where neither a flag nor a variable does. The files are read once: what becomes of
 * them afterwards changes nothing.
 * @throws {AuditError} `bad-usage` for an unknown key or a bad value, with file, line and what was expected.
 */
export async function applyConfiguration(command: Command): Promise<void> {
  const files = findConfiguration(command.opts<SharedOptions>().config, process.env);
  if (files.length === 0) return;
  const { readConfiguration } = await import('./read-configuration.ts');
  for (const { key, value } of files.flatMap((file) => readConfiguration(file, process.env))) {
    const name = command.options.find(({ long }) => long === `--${key}`)?.attributeName();
    if (name === undefined) continue;
    const source = command.getOptionValueSource(name);
    if (source === undefined || source === 'default') command.setOptionValueWithSource(name, value, 'config');
  }
}
