import { grpcCore as tool } from '../../grpc/core.ts';
import { installTool, programOf } from '../../tools/install-tool.ts';
import { readFiles } from './files.ts';
import type { Handler, Twin } from '../scenario.ts';
import { downloadTwin } from './download-twin.ts';
import { askPackage } from './python-clients.ts';
import { saving } from './python-programs.ts';

/** The path of each address is the method, and its answer the file. */
const program = `${saving}
import grpc
from urllib.parse import urlsplit
for url in sys.argv[1:]:
    address = urlsplit(url)
    options = [("grpc.max_receive_message_length", -1)]
    with grpc.secure_channel(f"{address.hostname}:{address.port or 443}", grpc.ssl_channel_credentials(), options) as channel:
        save(url, channel.unary_unary(address.path)(b""))
`;

/** Serves the files as the answers of unary calls. */
function serveCalls(): Handler {
  const files = readFiles();
  return ({ request, response, url }) => {
    request.resume();
    const body = files.get(url.pathname) ?? Buffer.alloc(0);
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(body.length, 1);
    response.writeHead(200, { 'content-type': 'application/grpc' });
    response.write(Buffer.concat([prefix, body]));
    response.addTrailers({ 'grpc-status': files.has(url.pathname) ? '0' : '5' });
    response.end();
  };
}

const client = downloadTwin({
  name: 'grpc',
  tools: ['grpc'],
  schemes: ['https'],
  version: askPackage(tool),
  available: async () => (await installTool(tool)).reason,
  argv: [programOf(tool, 'python'), 'fetch.py'],
  program: ['fetch.py', program],
});

/** The C core of gRPC by way of Python. What it stores is a message, which is not the whole of a body. */
export const grpcTwin: Twin = {
  ...client,
  createHandler: serveCalls,
  stored: (directory) => client.stored(directory).map((file) => ({ ...file, asFetched: false })),
};
