import { describeTwins } from '../helpers/registries/describe-twins.ts';
import { bazelOfNpmTwin } from '../helpers/registries/java/bazel-twin.ts';
import { sbtTwin } from '../helpers/registries/java/sbt-twin.ts';

await describeTwins('slow-build-tools', [sbtTwin, bazelOfNpmTwin]);
