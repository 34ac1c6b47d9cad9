import { patchAgents } from './agents.ts';
import { installDispatcher } from './fetch.ts';
import { trustAuditCa } from './own-roots.ts';
import { readProxySettings } from './proxy-settings.ts';
import { adoptWebSockets } from './websocket-requests.ts';

// Runs before the program in every Node process of an audited command (NODE_OPTIONS --require), so it loads little,
// prints nothing, and would rather leave a request unseen than break a program.
try {
  const settings = readProxySettings(process.env);
  if (settings !== undefined) {
    patchAgents(settings);
    adoptWebSockets(settings);
    installDispatcher(settings);
    const auditCa = process.env['PROXAUDIT_ACTIVE_CA'];
    if (auditCa !== undefined) trustAuditCa(auditCa);
  }
} catch {
  // See above.
}
