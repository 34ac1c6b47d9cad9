import { describeTwins } from '../helpers/registries/describe-twins.ts';
import { languageClientTwins } from '../helpers/registries/download/language-clients.ts';
import { mixTwin } from '../helpers/registries/elixir/mix-twin.ts';
import { stackTwin } from '../helpers/registries/haskell/stack-twin.ts';
import { antTwin } from '../helpers/registries/java/ant-twin.ts';
import { gradleTwin } from '../helpers/registries/java/gradle-twin.ts';
import { gradleWrapperTwin } from '../helpers/registries/java/gradle-wrapper-twin.ts';
import { luarocksTwin } from '../helpers/registries/lua/luarocks-twin.ts';
import { cpanTwin } from '../helpers/registries/perl/cpan-twin.ts';
import { composerTwin } from '../helpers/registries/php/composer-twin.ts';
import { cranTwin } from '../helpers/registries/r/cran-twin.ts';
import { bundlerTwin, gemTwin } from '../helpers/registries/ruby/rubygems-twin.ts';

await describeTwins('language-tools', [
  ...languageClientTwins,
  bundlerTwin,
  gemTwin,
  composerTwin,
  cpanTwin,
  cranTwin,
  mixTwin,
  luarocksTwin,
  stackTwin,
  antTwin,
  gradleTwin,
  gradleWrapperTwin,
]);
