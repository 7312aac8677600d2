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
  'aws:sns/topic:Topic': {
    change: ['sns:CreateTopic'],
    remove: ['sns:SetTopicAttributes', 'sns:DeleteTopic'],
    read: ['sns:GetTopicAttributes', 'sns:ListTagsForResource'],
  },
  'aws:sns/topicPolicy:TopicPolicy': {
    change: [],
    remove: ['sns:SetTopicAttributes'],
    read: ['sns:GetTopicAttributes'],
  },
  'aws:ssm/parameter:Parameter': {
    // It is made and changed by the same call.
    change: ['ssm:PutParameter'],
    remove: ['ssm:PutParameter', 'ssm:DeleteParameter'],
    read: ['ssm:DescribeParameters', 'ssm:GetParameter', 'ssm:ListTagsForResource'],
  },
  'aws:acm/certificate:Certificate': {
    change: ['acm:RequestCertificate'],
    remove: ['acm:UpdateCertificateOptions', 'acm:DeleteCertificate'],
    read: ['acm:DescribeCertificate', 'acm:ListTagsForCertificate'],
  },
};
