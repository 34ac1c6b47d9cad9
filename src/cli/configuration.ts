import type { Command } from 'commander';
import { findConfiguration } from './find-configuration.ts';
import type { SharedOptions } from './options.ts';
import type { WaiverList } from '../audit/index.ts';

/**
 * Sets what configuration files say where neither a flag nor a variable does. The files are read once: what becomes of
 * them afterwards changes nothing.
 * Returns the waivers of all of them.
 * @throws {AuditError} `bad-usage` for an unknown key or a bad value, with file, line and what was expected.
 */
export async function applyConfiguration(command: Command): Promise<WaiverList[]> {
  const files = findConfiguration(command.opts<SharedOptions>().config, process.env);
  if (files.length === 0) return [];
  const { readConfiguration } = await import('./read-configuration.ts');
  const configurations = files.map((file) => ({ file, ...readConfiguration(file, process.env) }));
  for (const { key, value } of configurations.flatMap(({ settings }) => settings)) {
    const option = command.options.find(({ long }) => long === `--${key}`);
    if (option === undefined) continue;
    const name = option.attributeName();
    const source = command.getOptionValueSource(name);
    if (source !== undefined && source !== 'default') continue;
    command.setOptionValueWithSource(name, option.negate ? value !== true : value, 'config');
  }
  const lists = configurations
    .filter(({ waivers }) => waivers.length > 0)
    .map(({ file: { path }, waivers }) => ({ path, waivers }));
  if (lists.length === 0) return [];
  const { markNewWaivers } = await import('./mark-new-waivers.ts');
  return lists.map((list) => markNewWaivers(list, process.env));
}
