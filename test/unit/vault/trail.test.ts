import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  type GetEventSelectorsCommandOutput,
  GetTrailStatusCommand,
  type Trail,
} from '@aws-sdk/client-cloudtrail';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import { deafness } from '../../../vault/trail';

const REGION = 'eu-central-1';
const here: Trail = { Name: 'here', TrailARN: 'arn:here', HomeRegion: REGION };
const plain = (changes: object = {}): Partial<GetEventSelectorsCommandOutput> => ({
  EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true, ...changes }],
});
const advanced = (...more: { Field: string; Equals?: string[]; NotEquals?: string[] }[]) => ({
  AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }, ...more] }],
});

describe('deafness', () => {
  const mock = mockClient(CloudTrailClient);
  const why = () => deafness(new CloudTrailClient({ region: REGION }), REGION);

  function given(
    trails: Trail[],
    selectors: Partial<GetEventSelectorsCommandOutput>,
    IsLogging = true,
  ): void {
    mock.on(DescribeTrailsCommand).resolves({ trailList: trails });
    mock.on(GetTrailStatusCommand).resolves({ IsLogging });
    mock.on(GetEventSelectorsCommand).resolves(selectors);
  }
  beforeEach(() => mock.reset());
  after(() => mock.restore());

  it('is none where a trail of the region, or of all of them, logs management events', async () => {
    given([here], plain());
    expect(await why()).to.equal(undefined);
    given([{ ...here, HomeRegion: 'us-east-1', IsMultiRegionTrail: true }], plain());
    expect(await why()).to.equal(undefined);
    given([here], advanced());
    expect(await why()).to.equal(undefined);
  });

  it('is there without a trail, and with one elsewhere', async () => {
    given([], plain());
    expect(await why()).to.include('no trail');
    given([{ ...here, HomeRegion: 'us-east-1' }], plain());
    expect(await why()).to.include('no trail');
  });

  it('is there when none logs', async () => {
    given([here], plain(), false);
    expect(await why()).to.equal('the trail here does not log');
  });

  for (const [what, selectors] of Object.entries({
    'data events alone': plain({ IncludeManagementEvents: false }),
    'reads alone': plain({ ReadWriteType: 'ReadOnly' }),
    'all but KMS': plain({ ExcludeManagementEventSources: ['kms.amazonaws.com'] }),
    'reads alone, said in the advanced way': advanced({ Field: 'readOnly', Equals: ['true'] }),
    'all but KMS, said in the advanced way': advanced({
      Field: 'eventSource',
      NotEquals: ['kms.amazonaws.com'],
    }),
  })) {
    it(`is there when a trail logs ${what}`, async () => {
      given([here], selectors);
      expect(await why()).to.include('leaves out what changes keys');
    });
  }

  it('is there when the only trail cannot be asked, and none when another hears', async () => {
    given([here, { ...here, Name: 'theirs', TrailARN: 'arn:theirs' }], plain());
    mock.on(GetTrailStatusCommand, { Name: 'arn:theirs' }).rejects(new Error('not yours'));
    expect(await why()).to.equal(undefined);
    given([{ ...here, Name: 'theirs', TrailARN: 'arn:theirs' }], plain());
    mock.on(GetTrailStatusCommand, { Name: 'arn:theirs' }).rejects(new Error('not yours'));
    expect(await why()).to.include('not yours');
  });
});
