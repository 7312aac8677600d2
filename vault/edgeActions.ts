import type { TypeActions } from './writeActions';

/** Of load balancing, topics, parameters and certificates, by Pulumi token. Tagging is edgePolicy's. */
export const EDGE_ACTIONS: Readonly<Record<string, TypeActions>> = {
  'aws:lb/targetGroup:TargetGroup': {
    change: ['elasticloadbalancing:CreateTargetGroup'],
    // It carries our tag from the moment it is made.
    remove: [
      'elasticloadbalancing:ModifyTargetGroup',
      'elasticloadbalancing:ModifyTargetGroupAttributes',
      'elasticloadbalancing:DeleteTargetGroup',
    ],
    read: [
      'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetGroupAttributes',
      'elasticloadbalancing:DescribeTags',
    ],
  },
};
