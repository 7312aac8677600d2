import { drive } from './subjects/drive';
import { snsTopics } from './subjects/snsTopics';
import { ssmParameters } from './subjects/ssmParameters';
import { targetGroups } from './subjects/targetGroups';

drive(
  'target groups, topics and parameters, on the real engine and provider',
  [targetGroups, snsTopics, ssmParameters],
  (stage, side) => stage.client(side),
);
