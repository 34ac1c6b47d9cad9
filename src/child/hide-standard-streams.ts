// To be imported before anything that might read them.
import { hideStandardStreams } from './standard-streams.ts';

hideStandardStreams();
