import { certificates } from './subjects/certificates';
import { drive } from './subjects/drive';
import { snsTopics } from './subjects/snsTopics';
import { ssmParameters } from './subjects/ssmParameters';
import { targetGroups } from './subjects/targetGroups';

drive(
  'target groups, topics, parameters and certificates, on the real engine and provider',
  [targetGroups, snsTopics, ssmParameters, certificates],
  (stage, side) => stage.client(side),
);
