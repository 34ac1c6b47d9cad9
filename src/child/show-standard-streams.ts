import { standardStreams } from './hide-standard-streams.ts';

for (const { name, property } of standardStreams) {
  if (property !== undefined) Object.defineProperty(process, name, property);
}
