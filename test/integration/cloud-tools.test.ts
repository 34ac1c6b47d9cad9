import { awsTwin } from '../helpers/registries/cloud/aws-twin.ts';
import { gcloudTwin } from '../helpers/registries/cloud/gcloud-twin.ts';
import { terraformTwin } from '../helpers/registries/cloud/terraform-twin.ts';
import { describeTwins } from '../helpers/registries/describe-twins.ts';

await describeTwins('cloud-tools', [awsTwin, gcloudTwin, terraformTwin]);
