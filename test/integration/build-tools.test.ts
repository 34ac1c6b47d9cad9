import { describeTwins } from '../helpers/registries/describe-twins.ts';
import { dotnetTwin } from '../helpers/registries/dotnet/http-client-twin.ts';
import { nugetTwin } from '../helpers/registries/dotnet/nuget-twin.ts';
import { configuredRebar3Twin, rebar3Twin } from '../helpers/registries/erlang/rebar3-twin.ts';
import { bazelTwins } from '../helpers/registries/java/bazel-twin.ts';
import { sbtTwin } from '../helpers/registries/java/sbt-twin.ts';

await describeTwins('build-tools', [
  sbtTwin,
  ...bazelTwins,
  dotnetTwin,
  nugetTwin,
  rebar3Twin,
  configuredRebar3Twin,
]);
