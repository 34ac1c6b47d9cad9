import { rattlerTwin } from '../helpers/registries/conda/rattler-twin.ts';
import { grpcTwin } from '../helpers/registries/download/grpc-client.ts';
import { pythonClientTwins } from '../helpers/registries/download/python-clients.ts';
import { describeTwins } from '../helpers/registries/describe-twins.ts';
import { pythonToolTwins } from '../helpers/registries/pypi/python-tools.ts';

await describeTwins('python-tools', [...pythonToolTwins, ...pythonClientTwins, grpcTwin, rattlerTwin]);
