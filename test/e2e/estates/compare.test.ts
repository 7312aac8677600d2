import { EC2Client } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { accessKey, type Emulator, startEmulator } from '../../emulator/emulator';
import { publishAmazonImage } from './amazonImage';
import { differences, type Reachable } from './compare';
import { makeEstate } from './makeEstate';
import { type Mutation, mutations } from './mutations';
import { randomEstate } from './randomEstate';
import { twin } from './twin';

const SEED = 1;

describe('the comparison of two accounts, on a mirror made by hand', function () {
  this.timeout(180_000);
  let emulator: Emulator;
  const found: { equal: string[]; changed: string[]; wanted: Mutation[] } = {
    equal: [],
    changed: [],
    wanted: [],
  };
  const reach = (account: string, region: string): Reachable => {
    const credentials = { accessKeyId: accessKey(account), secretAccessKey: 'emulated' };
    return { account, region, client: new EC2Client({ region, endpoint: emulator.url, credentials }) };
  };

  const says = (start: string | RegExp) => (line: string) =>
    typeof start === 'string' ? line.startsWith(start) : start.test(line);

  before(async () => {
    emulator = await startEmulator();
    await publishAmazonImage(emulator, ['eu-west-1', 'eu-central-1']);
    const source = reach('111111111111', 'eu-west-1');
    const dr = reach('222222222222', 'eu-central-1');
    const estate = randomEstate(SEED);
    const ids = await makeEstate(source.client, estate.steps);
    const made = await makeEstate(dr.client, twin(estate, ids));
    found.equal = await differences(source, dr);
    const all = mutations(estate, ids);
    await makeEstate(
      dr.client,
      all.flatMap(({ steps }) => steps),
      made,
    );
    found.wanted = all;
    found.changed = await differences(source, dr);
  });
  after(() => emulator?.stop());

  it('finds no difference where there is none', () => {
    expect(found.equal).to.deep.equal([]);
  });

  it('names the object and the field of every change', () => {
    const missed = found.wanted.flatMap(({ title, shows }) =>
      shows.filter((start) => !found.changed.some(says(start))).map((start) => `${title}: ${start}`),
    );
    expect(missed).to.deep.equal([]);
  });

  it('names nothing else', () => {
    const starts = found.wanted.flatMap(({ shows }) => shows);
    expect(found.changed.filter((line) => !starts.some((start) => says(start)(line)))).to.deep.equal([]);
  });
});
