/*
 * execa opens our three standard streams when it is loaded, and Node makes a pipe that it opens non-blocking, also for
 * every other process that shares it (make: "write error: Resource temporarily unavailable"). We hand descriptors
 * over and never need those streams, so they are hidden while execa loads. Imports run in this order.
 */
import './hide-standard-streams.ts';
export { execa } from 'execa';
import './show-standard-streams.ts';
