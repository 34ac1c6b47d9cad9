// Serves what a hostile server sends.
import { createServer } from 'node:http';
import { hostileBodies } from '../../helpers/hostile/bodies.ts';
import { serveUntilStdinCloses } from '../serve-until-stdin-closes.ts';

const server = createServer((request, response) => {
  const found = hostileBodies.find(({ path }) => path === request.url);
  request.resume().on('end', () => {
    response.setHeader('content-type', found?.contentType ?? 'text/plain');
    response.end(found?.body() ?? 'ok');
  });
});
serveUntilStdinCloses(server);
