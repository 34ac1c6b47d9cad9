import { describeTwins } from '../helpers/registries/describe-twins.ts';
import { globalAgentTwin } from '../helpers/registries/download/global-agent.ts';
import { runtimeTwins } from '../helpers/registries/download/javascript-runtimes.ts';
import { nodeLibraryTwins } from '../helpers/registries/download/node-libraries.ts';
import { leaveSlowOnes } from '../helpers/registries/leave-to-long-tier.ts';
import { packageManagerTwins } from '../helpers/registries/npm/package-managers.ts';

const twins = [...packageManagerTwins, ...runtimeTwins, ...nodeLibraryTwins, globalAgentTwin];
await describeTwins('javascript-tools', leaveSlowOnes(twins));
