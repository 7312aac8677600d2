import { EC2Client } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import type { Account } from '../../../accounts';
import { LifeboatError } from '../../../errors';
import { imagesLike } from '../../../inventory/imagesLike';
import type { Image } from '../../../kinds/machines/image';
import { TAG } from '../../../names';

interface Asked {
  Owners: string[];
  Filters: { Name: string; Values: string[] }[];
  NextToken?: string;
}

/** An account whose region has these images, by owner, one on each page; it notes what it was asked. */
function accountWith(images: Record<string, string[]>, failAt = -1) {
  const asked: Asked[] = [];
  const send = async ({ input }: { input: Asked }) => {
    asked.push({ ...input });
    if (asked.length - 1 === failAt) throw new Error('throttled');
    const all = images[input.Owners[0] ?? ''] ?? [];
    const index = Number(input.NextToken ?? 0);
    const name = all[index];
    return {
      Images:
        name === undefined
          ? []
          : [{ ImageId: `ami-${name}`, Name: name, OwnerId: '9', ImageOwnerAlias: input.Owners[0] }],
      NextToken: index + 1 < all.length ? String(index + 1) : undefined,
    };
  };
  const ec2 = Object.assign(new EC2Client({ region: 'eu-central-1' }), { send });
  const account: Account = {
    id: '222222222222',
    region: 'eu-central-1',
    ec2,
    s3: undefined as never,
    client: undefined as never,
    with: () => account,
    in: () => account,
  };
  return { account, asked };
}

const image = (id: string, imageName: string, owner = 'amazon', more: Partial<Image> = {}): Image => ({
  id,
  tags: {},
  imageName,
  owner,
  isOwn: false,
  copyOf: undefined,
  ...more,
});

describe("images in DR's region", () => {
  it('are asked for by owner and name, and found on every page', async () => {
    const { account, asked } = accountWith({ amazon: ['b', 'a'], '333333333333': ['a'] });
    const source = [image('ami-1', 'a'), image('ami-2', 'b'), image('ami-3', 'a', '333333333333')];
    const found = await imagesLike(account, { image: source }, {});
    expect(found.map(({ owner, imageName }) => `${owner}/${imageName}`)).to.have.members([
      'amazon/b',
      'amazon/a',
      '333333333333/a',
    ]);
    const named = asked
      .filter(({ NextToken }) => !NextToken)
      .map(({ Owners, Filters }) => [Owners, Filters[0]?.Values]);
    expect(named).to.have.deep.members([
      [['amazon'], ['a', 'b']],
      [['333333333333'], ['a']],
    ]);
  });

  it('are asked for in portions that AWS takes', async () => {
    const names = Array.from({ length: 201 }, (_, index) => `image-${index}`);
    const { account, asked } = accountWith({});
    await imagesLike(account, { image: names.map((name) => image(name, name)) }, {});
    expect(asked.map(({ Filters }) => Filters[0]?.Values.length)).to.deep.equal([200, 1]);
  });

  it('are nothing to ask for without templates that name others', async () => {
    const { account, asked } = accountWith({});
    const own = image('ami-1', 'golden', '111111111111', { isOwn: true });
    expect(await imagesLike(account, { image: [own] }, {})).to.deep.equal([]);
    expect(asked).to.deep.equal([]);
  });

  it('are copies by our tag, when they are our own', async () => {
    const { account } = accountWith({});
    const tags = { [TAG.sourceId]: 'ami-1' };
    const found = [
      image('ami-d', 'golden', '222222222222', { isOwn: true, tags }),
      image('ami-e', 'theirs', '333333333333', { tags }),
    ];
    const like = await imagesLike(account, {}, { image: found });
    expect(like.map(({ id, copyOf }) => [id, copyOf])).to.deep.equal([['ami-d', 'ami-1']]);
  });

  it('are no reason to go on without them when any page fails', async () => {
    for (const page of [0, 1]) {
      const { account } = accountWith({ amazon: ['a', 'b'] }, page);
      const work = imagesLike(account, { image: [image('ami-1', 'a'), image('ami-2', 'b')] }, {});
      const error = await work.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error)
        .to.be.instanceOf(LifeboatError)
        .with.property('message')
        .that.contains('could not be looked up');
    }
  });
});
