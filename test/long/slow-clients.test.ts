import { describeTwins } from '../helpers/registries/describe-twins.ts';
import { nodeLibraryTwins } from '../helpers/registries/download/node-libraries.ts';
import { bazelOfNpmTwin } from '../helpers/registries/java/bazel-twin.ts';
import { sbtTwin } from '../helpers/registries/java/sbt-twin.ts';
import { pickSlowOnes } from '../helpers/registries/leave-to-long-tier.ts';
import { packageManagerTwins } from '../helpers/registries/npm/package-managers.ts';
import { pythonToolTwins } from '../helpers/registries/pypi/python-tools.ts';

const twins = [sbtTwin, bazelOfNpmTwin, ...packageManagerTwins, ...nodeLibraryTwins, ...pythonToolTwins];
await describeTwins('slow-clients', pickSlowOnes(twins));
