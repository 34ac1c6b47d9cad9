import { describeTwins } from '../helpers/registries/describe-twins.ts';
import { systemClientTwins } from '../helpers/registries/download/system-clients.ts';
import { lfsTwin } from '../helpers/registries/git/lfs-twin.ts';
import { mercurialTwin } from '../helpers/registries/mercurial/hg-twin.ts';
import { skopeoTwin } from '../helpers/registries/oci/skopeo-twin.ts';
import { rustupTwin } from '../helpers/registries/rust/rustup-twin.ts';

await describeTwins('system-tools', [...systemClientTwins, lfsTwin, mercurialTwin, rustupTwin, skopeoTwin]);
