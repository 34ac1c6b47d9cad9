import { describeTwins } from '../helpers/registries/describe-twins.ts';
import { nugetTwin } from '../helpers/registries/dotnet/nuget-twin.ts';
import { bazelTwins } from '../helpers/registries/java/bazel-twin.ts';
import { sbtTwin } from '../helpers/registries/java/sbt-twin.ts';

await describeTwins('build-tools', [sbtTwin, ...bazelTwins, nugetTwin]);
