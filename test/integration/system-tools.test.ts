import { describeTwins } from '../helpers/registries/describe-twins.ts';
import { systemClientTwins } from '../helpers/registries/download/system-clients.ts';
import { mercurialTwin } from '../helpers/registries/mercurial/hg-twin.ts';
import { skopeoTwin } from '../helpers/registries/oci/skopeo-twin.ts';

await describeTwins('system-tools', [...systemClientTwins, mercurialTwin, skopeoTwin]);
