// First: execa reads the standard streams when it is loaded.
import './standard-streams.ts';
export { execa } from 'execa';
