import type { Estate } from './randomEstate';
import { type Step, step } from './step';

/** What has another name, or is another's, on the two sides of the emulator. */
const TRANSLATIONS: readonly [string, string][] = [
  ['euw1-', 'euc1-'],
  ['eu-west-1', 'eu-central-1'],
  ['111111111111', '222222222222'],
];

/**
 * The calls that make by hand, in DR, what the mirror of an estate has to be: without what is billed, with a reservation for each
 * address that a machine holds, and with the source's ids as tags. The comparison is tested with it.
 *
 * @param ids the ids that the source's steps gave, by name
 */
export function twin(estate: Estate, ids: ReadonlyMap<string, string>): Step[] {
  // Names are ids of what AWS calls by its name.
  const mark = (name: string) => ({
    'lifeboat:source-id': /^(key|placement)-/.test(name) ? name : (ids.get(name) ?? ''),
  });
  const steps = estate.steps
    .filter(({ sourceOnly }) => !sourceOnly)
    .flatMap((original): Step[] => {
      const { name, call, after } = original;
      const input = translated(original.input);
      const tags = Object.fromEntries(
        Object.entries(original.tags).filter(([key]) => !key.startsWith('lifeboat:')),
      );
      if (call === 'CreateTags') return [{ ...original, input: withoutForged(input) }];
      if (call === 'DescribeSecurityGroupRules')
        return [{ ...original, input }, ...rulesMadeByAws(name, mark)];
      const marked: Record<string, string> =
        ids.has(name) && /^(Create|Import|Authorize)/.test(call) ? mark(name) : {};
      const carried: [string, string][] = Object.entries({ ...tags, ...marked });
      return [
        {
          ...original,
          input,
          tags: Object.fromEntries(carried.slice(-50)),
          // What AWS made is marked before any of it is taken away.
          after: after.map((each) => (/\.made$|\.group\.rules$/.test(each) ? `${each}.marked` : each)),
        },
      ];
    });
  return [
    ...steps,
    ...estate.vpcs.flatMap(({ name }) =>
      ['main', 'acl', 'group'].map((what) => marking(`${name}.${what}`, mark(`${name}.${what}`))),
    ),
    ...estate.held.map(({ subnet, cidr }, index) =>
      step(`held-${index}`, 'CreateSubnetCidrReservation', {
        SubnetId: `<${subnet}>`,
        Cidr: cidr,
        ReservationType: 'explicit',
        Description: 'held for a machine',
      }),
    ),
  ];

  /** Rules that were there before any was asked for: up to three. */
  function rulesMadeByAws(name: string, markOf: (name: string) => Record<string, string>): Step[] {
    const there = ['0', '1', '2'].filter((index) => ids.has(`${name}.${index}`));
    const marks = there.map((index) => marking(`${name}.${index}`, markOf(`${name}.${index}`)));
    const all = marks.map((each) => each.name);
    return [
      ...marks,
      // A look-up that changes nothing, to be waited for.
      step(`${name}.marked`, 'DescribeSecurityGroupRules', { MaxResults: 5 }, { after: all }),
    ];
  }
}

const marking = (name: string, tags: Record<string, string>): Step =>
  step(`${name}.mark`, 'CreateTags', {
    Resources: [`<${name}>`],
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });

function translated<T extends object>(input: T): T {
  if (JSON.stringify(input).includes('"type":"Buffer"')) return input;
  // The source's own images are not in DR at rest.
  const own = '"ImageId":"<image-own>",';
  const text = TRANSLATIONS.reduce(
    (all, [from, to]) => all.replaceAll(from, to),
    JSON.stringify(input).replaceAll(own, ''),
  );
  return JSON.parse(text) as T;
}

function withoutForged(input: object): object {
  const { Tags = [], ...rest } = input as { Tags?: { Key: string }[] };
  return { ...rest, Tags: Tags.filter(({ Key }) => !Key.startsWith('lifeboat:')) };
}
