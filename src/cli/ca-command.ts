import { writeFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import { Command, Option } from 'commander';
import { CA_FORMATS, describeCa, exportCa, makeCa, type CaFormat } from '../audit/ca.ts';
import { AuditError } from '../support/errors.ts';
import { reasonOf } from '../support/reason-of.ts';
import { escapeTerminal } from '../support/escape-terminal.ts';
import { parseCommonName, parseFile, parseNumber } from './option-values.ts';
import { parseOptions } from './parse-options.ts';
import { print, STDOUT } from './terminal.ts';
import { dispatchVerb, type VerbGroup } from './verbs.ts';

const MAX_DAYS = 7300;
/** The JDK's own: what the file holds is public, and keytool asks for a password. */
const DEFAULT_PASSWORD = 'changeit';

const group: VerbGroup = {
  name: 'ca',
  verbs: {
    create: {
      usage: 'ca create --out DIR [options]',
      description: 'make a CA for --ca-cert and --ca-key',
      run: create,
    },
    show: {
      usage: 'ca show [FILE]',
      description: 'subject, fingerprint, validity, key and constraints',
      run: show,
    },
    export: {
      usage: 'ca export --format FORMAT [FILE]',
      description: 'its certificate as pem, der, p12 or jks',
      run: exportTo,
    },
  },
};

/** `proxaudit ca`. */
export function caCommand(args: readonly string[]): Promise<number> {
  return dispatchVerb(group, args);
}

interface CreateOptions {
  readonly out: string;
  readonly name: string;
  readonly days: number;
  readonly keyType: 'ec' | 'rsa';
}

function create(args: readonly string[]): number {
  const command = new Command('proxaudit ca create')
    .description(
      'Makes a CA: DIR/ca.pem and its key DIR/ca-key.pem, which only you can read. Nothing is overwritten.\n' +
        'Who has the key can sign for every host towards all who trust the CA: trust it nowhere but where you audit.',
    )
    .requiredOption('--out <dir>', 'where; made (0700) where it is missing', parseFile)
    .option('--name <name>', 'its common name', parseCommonName, 'proxaudit CA')
    .addOption(
      new Option('--days <n>', 'how long it is valid')
        .argParser((text) => parseNumber(text, { from: 1, to: MAX_DAYS, whole: true }))
        .default(365),
    )
    .addOption(
      new Option('--key-type <type>', 'ec is P-256, rsa 3072 bits').choices(['ec', 'rsa']).default('ec'),
    );
  parseOptions(command, args);
  const { out, ...ca } = command.opts<CreateOptions>();
  const { certFile, keyFile } = makeCa(out, ca);
  const { fingerprint } = describeCa(certFile);
  print(STDOUT, `${escapeTerminal(certFile)}\n${escapeTerminal(keyFile)}\nSHA-256 ${fingerprint}\n`);
  return 0;
}

function show(args: readonly string[]): number {
  const command = withSource(new Command('proxaudit ca show').description('Shows a certificate.'));
  parseOptions(command, args);
  const facts = describeCa(sourceOf(command));
  const lines: readonly [string, string][] = [
    ['subject', facts.subject],
    ['issuer', facts.issuer],
    ['serial', facts.serialNumber],
    ['SHA-256', facts.fingerprint],
    ['from', facts.validFrom],
    ['until', `${facts.validTo} (${facts.validity})`],
    ['key', facts.key],
    ['is', facts.constraints],
  ];
  print(STDOUT, lines.map(([name, value]) => `${name.padEnd(9)}${escapeTerminal(value)}\n`).join(''));
  return 0;
}

interface ExportOptions {
  readonly format: CaFormat;
  readonly out?: string;
  readonly caKey?: string;
  readonly passwordEnv?: string;
}

async function exportTo(args: readonly string[]): Promise<number> {
  const command = withSource(
    new Command('proxaudit ca export')
      .description("Writes a CA's certificate in the form that another tool reads.")
      .addOption(new Option('--format <format>', 'the form').choices(CA_FORMATS).makeOptionMandatory())
      .option('--out <file>', 'where; a file that exists is not overwritten (default: stdout)', parseFile)
      .option('--ca-key <file>', 'put this private key into the p12, too; needs --password-env', parseFile)
      .option(
        '--password-env <variable>',
        `the variable that holds the password of the p12 or jks (default: the password is ${DEFAULT_PASSWORD})`,
      ),
  );
  parseOptions(command, args);
  const { format, out, caKey: keyFile, passwordEnv } = command.opts<ExportOptions>();
  if (keyFile !== undefined && (format !== 'p12' || passwordEnv === undefined)) {
    throw new AuditError('bad-usage', 'a private key goes into a p12 with a password of your own only', {
      hint: 'Give --format p12 and --password-env VARIABLE, or leave --ca-key out.',
    });
  }
  const password = passwordEnv === undefined ? DEFAULT_PASSWORD : readPassword(passwordEnv);
  write(await exportCa({ format, certFile: sourceOf(command), keyFile, password }), { out, format });
  return 0;
}

function readPassword(variable: string): string {
  const password = process.env[variable] ?? '';
  if (/^[\x20-\x7e]{6,}$/.test(password)) return password;
  throw new AuditError('bad-usage', `the variable ${variable} holds no password that can be used`, {
    hint: 'Expected at least 6 characters, all of them printable ASCII.',
  });
}

function write(bytes: Buffer, { out, format }: { out: string | undefined; format: CaFormat }): void {
  if (out === undefined) {
    if (format !== 'pem' && isatty(STDOUT)) {
      throw new AuditError('bad-usage', `${format} is binary, and no terminal can show it`, {
        hint: 'Give --out FILE, or redirect stdout.',
      });
    }
    print(STDOUT, bytes);
    return;
  }
  try {
    writeFileSync(out, bytes, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new AuditError('bad-input', `${out} cannot be written: ${reason}`, { cause });
  }
}

function withSource(command: Command): Command {
  return command
    .usage('[options] [FILE]')
    .argument('[file]')
    .addOption(
      new Option(
        '--ca-cert <file>',
        'the certificate, where FILE is not given (default: that of the active run)',
      )
        .env('PROXAUDIT_CA_CERT')
        .argParser(parseFile),
    );
}

/** The file that was named, else the CA of the run that we are part of. */
function sourceOf(command: Command): string {
  const { caCert } = command.opts<{ caCert?: string }>();
  const file = command.args[0] ?? caCert ?? process.env['PROXAUDIT_ACTIVE_CA'];
  if (file !== undefined && file !== '') return file;
  throw new AuditError('bad-usage', 'which certificate is not said', {
    hint: 'Name its file, or give --ca-cert FILE.',
  });
}
