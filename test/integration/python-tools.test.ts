import { rattlerTwin } from '../helpers/registries/conda/rattler-twin.ts';
import { grpcTwin } from '../helpers/registries/download/grpc-client.ts';
import { pythonClientTwins } from '../helpers/registries/download/python-clients.ts';
import { describeTwins } from '../helpers/registries/describe-twins.ts';
import { leaveSlowOnes } from '../helpers/registries/leave-to-long-tier.ts';
import { pythonToolTwins } from '../helpers/registries/pypi/python-tools.ts';

const twins = [...pythonToolTwins, ...pythonClientTwins, grpcTwin, rattlerTwin];
await describeTwins('python-tools', leaveSlowOnes(twins));
