import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EC2Client } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import type { Account } from '../../../accounts';
import { resourceClass } from '../../../components/register';
import { plan } from '../../../inventory/plan';
import { kinds } from '../../../kinds';
import type { AnyKind, Item } from '../../../kinds/kind';
import { kindsPage } from '../../../kinds/kindsPage';
import { readPolicy } from '../../../kinds/readPolicy';
import { PLAN_OPTIONS } from '../items';

/** AWS's recorded answers for one kind: its list in two pages, and what else its look-up asks. */
interface Fixture {
  pages: Record<string, object[]>;
  answers?: Record<string, object>;
  ids: string[];
}

function fixtureOf(kind: AnyKind): Fixture {
  return JSON.parse(readFileSync(join(__dirname, 'fixtures', `${kind.name}.json`), 'utf8'));
}

/** Answers from the fixture and notes what was called; `failAt` is the index of the page that fails. */
function recorded(fixture: Fixture, failAt?: number): { account: Account; called: Set<string> } {
  const called = new Set<string>();
  const send = async (command: { constructor: { name: string }; input: { NextToken?: string } }) => {
    const name = command.constructor.name.replace(/Command$/, '');
    called.add(`ec2:${name}`);
    const pages = fixture.pages[name];
    if (!pages) {
      const answer = fixture.answers?.[name];
      if (!answer) throw new Error(`the fixture has no answer for ${name}`);
      return answer;
    }
    const index = Number(command.input.NextToken ?? 0);
    if (index === failAt) throw new Error(`page ${index} of ${name} failed`);
    return { ...pages[index], NextToken: index + 1 < pages.length ? String(index + 1) : undefined };
  };
  const client = Object.assign(new EC2Client({ region: 'eu-west-1' }), { send });
  const account: Account = {
    id: '111111111111',
    region: 'eu-west-1',
    ec2: client,
    s3: undefined as never,
    in: () => account,
  };
  return { account, called };
}

async function error(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (reason: Error) => reason.message,
  );
}

describe('every kind', () => {
  it('has a name of its own, in kebab case', () => {
    const names = kinds.map((kind) => kind.name);
    expect(new Set(names).size).to.equal(names.length);
    for (const name of names) expect(name).to.match(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('is described in docs/kinds.md as it is', () => {
    expect(readFileSync(join(__dirname, '../../../docs/kinds.md'), 'utf8')).to.equal(kindsPage());
  });

  for (const kind of kinds) {
    describe(kind.name, () => {
      it('lists every page', async () => {
        const fixture = fixtureOf(kind);
        const items: Item[] = await kind.list(recorded(fixture).account);
        expect(items.map((item) => item.id)).to.deep.equal(fixture.ids);
      });

      it('gives every item the same fields, so that one without a value is not taken for one not looked up', async () => {
        const items: Item[] = await kind.list(recorded(fixtureOf(kind)).account);
        for (const item of items) expect(Object.keys(item)).to.deep.equal(Object.keys(items[0] ?? {}));
      });

      it('throws when any page fails, and returns no part', async () => {
        for (const page of [0, 1])
          expect(await error(kind.list(recorded(fixtureOf(kind), page).account))).to.contain(`page ${page}`);
      });

      it('throws when a page comes without its list', async () => {
        const fixture = fixtureOf(kind);
        for (const pages of Object.values(fixture.pages)) pages[1] = {};
        expect(await error(kind.list(recorded(fixture).account))).to.contain('nothing is concluded');
      });

      it('asks for exactly the permissions that it uses, and they only read', async () => {
        const { account, called } = recorded(fixtureOf(kind));
        await kind.list(account);
        expect([...called]).to.have.members([...kind.iamActions]);
        for (const action of kind.iamActions)
          expect(action).to.match(/^[a-z0-9]+:(Describe|Get|List)[A-Za-z0-9]+$/);
        expect(readPolicy().Statement[0]?.Action).to.include.members([...kind.iamActions]);
      });

      it('names classes that @pulumi/aws has', () => {
        for (const type of kind.types) expect(resourceClass(type)).to.be.a('function');
        expect(kind.types.length > 0).to.equal(kind.mirror !== undefined);
      });
    });
  }

  it('plans one resource of a named type for each item, with our tag and none that the source forged', async () => {
    const items = Object.fromEntries(
      await Promise.all(
        kinds.map(async (kind) => [kind.name, await kind.list(recorded(fixtureOf(kind)).account)]),
      ),
    );
    const zones = { 'euw1-az1': 'euc1-az1', 'euw1-az2': 'euc1-az2' };
    const { resources, skipped } = plan({ kinds: items, superseded: new Map() }, {}, zones, PLAN_OPTIONS);
    expect(skipped).to.deep.equal([]);
    const mirrored = kinds.filter((kind) => kind.mirror);
    expect(resources.map((resource) => resource.name)).to.deep.equal(
      mirrored.flatMap((kind) => fixtureOf(kind).ids.map((id) => `${kind.name}/${id}`)),
    );
    for (const { name, type, args } of resources) {
      const [kindName, id] = name.split('/');
      expect(kinds.find((kind) => kind.name === kindName)?.types).to.include(type);
      const { tags } = args as { tags: Record<string, string> };
      expect(tags['lifeboat:source-id']).to.equal(id);
      expect(Object.keys(tags).filter((key) => key.startsWith('aws:'))).to.deep.equal([]);
    }
  });
});
