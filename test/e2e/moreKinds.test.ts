import { drive } from './subjects/drive';
import { keyPairs } from './subjects/keyPairs';
import { launchTemplates } from './subjects/launchTemplates';
import { placementGroups } from './subjects/placementGroups';
import { prefixLists } from './subjects/prefixLists';
import { vpcEndpoints } from './subjects/vpcEndpoints';

drive(
  'prefix lists, keys, groups, templates and endpoints, on the real engine and provider',
  [prefixLists, keyPairs, placementGroups, launchTemplates, vpcEndpoints],
  (stage, side) => stage.ec2(side),
);
