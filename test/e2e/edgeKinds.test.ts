import { drive } from './subjects/drive';
import { targetGroups } from './subjects/targetGroups';

drive('target groups, on the real engine and provider', [targetGroups], (stage, side) => stage.client(side));
