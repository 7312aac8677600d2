import {
  type CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  type Trail,
} from '@aws-sdk/client-cloudtrail';
import { reason } from '../errors';

/**
 * Whether the rule of the vault can hear anything. EventBridge is told of API calls only while a trail logs them:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html. The vault makes no trail, because an account or
 * its organization has one as a rule, and a second one is billed.
 *
 * @returns nothing when a trail logs what changes keys in this region; otherwise why none does, for people
 */
export async function deafness(cloudtrail: CloudTrailClient, region: string): Promise<string | undefined> {
  const { trailList = [] } = await cloudtrail.send(new DescribeTrailsCommand({ includeShadowTrails: true }));
  const here = trailList.filter((trail) => trail.IsMultiRegionTrail || trail.HomeRegion === region);
  if (here.length === 0) return `no trail of CloudTrail covers ${region}`;
  const flaws = await Promise.all(here.map((trail) => flaw(cloudtrail, trail)));
  return flaws.includes(undefined) ? undefined : flaws.join('; ');
}

async function flaw(cloudtrail: CloudTrailClient, { Name, TrailARN }: Trail): Promise<string | undefined> {
  try {
    const { IsLogging } = await cloudtrail.send(new GetTrailStatusCommand({ Name: TrailARN }));
    if (!IsLogging) return `the trail ${Name} does not log`;
    const { EventSelectors = [], AdvancedEventSelectors = [] } = await cloudtrail.send(
      new GetEventSelectorsCommand({ TrailName: TrailARN }),
    );
    const isPlain = EventSelectors.some(
      ({ IncludeManagementEvents, ReadWriteType, ExcludeManagementEventSources = [] }) =>
        IncludeManagementEvents &&
        ReadWriteType !== 'ReadOnly' &&
        !ExcludeManagementEventSources.includes('kms.amazonaws.com'),
    );
    const isAdvanced = AdvancedEventSelectors.some(({ FieldSelectors = [] }) => {
      const field = (name: string) => FieldSelectors.find(({ Field }) => Field === name);
      return (
        field('eventCategory')?.Equals?.includes('Management') &&
        !field('readOnly')?.Equals?.includes('true') &&
        !field('eventSource')?.NotEquals?.includes('kms.amazonaws.com')
      );
    });
    return isPlain || isAdvanced ? undefined : `the trail ${Name} leaves out what changes keys`;
  } catch (error) {
    // A trail of the organization may keep its settings to itself.
    return `the trail ${Name} could not be asked: ${reason(error)}`;
  }
}
