import { describeTwins } from '../helpers/registries/describe-twins.ts';
import { dotnetTwin } from '../helpers/registries/dotnet/http-client-twin.ts';
import { nugetTwin } from '../helpers/registries/dotnet/nuget-twin.ts';
import { configuredRebar3Twin, rebar3Twin } from '../helpers/registries/erlang/rebar3-twin.ts';
import { bazelOfNpmTwin, bazelTwin } from '../helpers/registries/java/bazel-twin.ts';
import { sbtTwin } from '../helpers/registries/java/sbt-twin.ts';
import { leaveSlowOnes } from '../helpers/registries/leave-to-long-tier.ts';

const twins = [sbtTwin, bazelTwin, bazelOfNpmTwin, dotnetTwin, nugetTwin, rebar3Twin, configuredRebar3Twin];
await describeTwins('build-tools', leaveSlowOnes(twins));
