import { PROBE_PREFIX, vaultNames } from '../names';
import type { VaultPlace } from './place';
import { type Policy, policy } from './policyDocument';

type Place = Pick<VaultPlace, 'drAccount' | 'drRegion'>;

/** What AWS documents for functions in a VPC: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
const INTERFACE_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:UnassignPrivateIpAddresses',
];

const functionArn = ({ drAccount, drRegion }: Place, name: string): string =>
  `arn:aws:lambda:${drRegion}:${drAccount}:function:${name}`;

/** ARN of every function that probes ports. */
export const probeFunctionArn = (place: Place): string => functionArn(place, `${PROBE_PREFIX}*`);

/** ARN of the role of the functions that probe ports. */
export function probeRoleArn({ drAccount, drRegion }: Place): string {
  return `arn:aws:iam::${drAccount}:role/${vaultNames(drAccount, drRegion).probeRole}`;
}

/** What `recover` may to probe ports: functions of one name, in a VPC, with the one role that can do nothing. */
export function probePolicy(place: VaultPlace): Policy {
  const Resource = probeFunctionArn(place);
  return policy(
    {
      Sid: 'MakeProbes',
      Effect: 'Allow',
      Action: 'lambda:CreateFunction',
      Resource,
      // One in no VPC would reach the world from AWS's own network.
      Condition: { Null: { 'lambda:VpcIds': 'false' } },
    },
    {
      Sid: 'UseProbes',
      Effect: 'Allow',
      Action: ['lambda:DeleteFunction', 'lambda:GetFunction', 'lambda:InvokeFunction'],
      Resource,
    },
    { Sid: 'FindProbes', Effect: 'Allow', Action: 'lambda:ListFunctions', Resource: '*' },
    {
      // Lambda has no condition for a function's role: whoever makes one can give it only what he may pass.
      Sid: 'HandOverTheProbe',
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: probeRoleArn(place),
      Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    },
  );
}

/** Lambda takes it on, for this account's functions alone. */
export function probeTrust({ drAccount }: VaultPlace): Policy {
  return policy({
    Sid: 'Run',
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'aws:SourceAccount': drAccount } },
  });
}

/** Lambda makes and removes the functions' interfaces by it. Their code has its credentials too, and can do nothing with them. */
export function probeRolePolicy(place: VaultPlace): Policy {
  return policy(
    {
      Sid: 'SeeInterfaces',
      Effect: 'Allow',
      // AWS knows no resources for these.
      Action: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'],
      Resource: '*',
    },
    {
      Sid: 'MakeInterfaces',
      Effect: 'Allow',
      Action: INTERFACE_ACTIONS,
      // AWS asks for all ids: one that names none but interfaces may keep a function out of its VPC.
      Resource: `arn:aws:ec2:${place.drRegion}:${place.drAccount}:*/*`,
    },
    {
      // AWS recommends it for the interfaces; what only opens a socket needs nothing else either. Credentials of a function's code alone carry this key.
      Sid: 'CodeDoesNothing',
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { ArnLike: { 'lambda:SourceFunctionArn': functionArn(place, '*') } },
    },
  );
}
