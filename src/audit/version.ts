// Set by the bundler; the sources run unbundled only in tests.
declare const PROXAUDIT_VERSION: string | undefined;

export const version = typeof PROXAUDIT_VERSION === 'string' ? PROXAUDIT_VERSION : '0.0.0-source';
