import { describeTwins } from '../helpers/registries/describe-twins.ts';
import { twins } from '../helpers/registries/twins.ts';

await describeTwins('hermetic', twins);
