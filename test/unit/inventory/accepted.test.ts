import { expect } from 'chai';
import { LifeboatError } from '../../../errors';
import { parseAccepted } from '../../../inventory/accepted';
import { inventoryText } from '../../../inventory/inventory';
import { acceptedOf } from '../guard/inventories';

const of = { stack: 'dr', sourceAccount: '111111111111', sourceRegion: 'eu-west-1' };
const WRITTEN = new Date('2026-01-05T03:00:00Z');
const read = (text: string) => parseAccepted(text, WRITTEN, 'vault', of);

function refused(text: string): string {
  try {
    read(text);
  } catch (error) {
    expect(error).to.be.instanceOf(LifeboatError);
    return String(error);
  }
  throw new Error('it was accepted');
}

describe('an accepted inventory', () => {
  const inventory = acceptedOf(undefined, { gone: { 'subnet/subnet-4': '2026-01-01T00:00:00.000Z' } });
  const text = inventoryText(inventory);

  it('is read as it was written, letter by letter', () => {
    expect(inventoryText(read(text))).to.equal(text);
  });

  it('of version 1 is read, with the time of its writing for what was gone and the fields that its items have', () => {
    const { fields: _none, ...rest } = inventory;
    const old = read(JSON.stringify({ ...rest, version: 1, gone: ['subnet/subnet-4'] }));
    expect(old).to.deep.include({ version: 2, gone: { 'subnet/subnet-4': WRITTEN.toISOString() } });
    expect(old.fields.subnet).to.include.members(['id', 'tags', 'cidrBlock']);
    expect(old.kinds).to.deep.equal(JSON.parse(text).kinds);
  });

  it('is refused when it is truncated or damaged, with none of its text in the error', () => {
    const secret = 'hunter2hunter2';
    const whole = inventoryText({
      ...inventory,
      kinds: { ...inventory.kinds, vpc: [{ id: 'vpc-1', tags: {}, userData: secret } as never] },
    });
    const at = whole.indexOf(secret);
    for (const broken of [
      '',
      whole.slice(0, -2),
      whole.slice(0, at + 5),
      `${whole.slice(0, at - 1)}${whole.slice(at)}`,
      whole.replace('"tags": {}', `"tags": "${secret}"`),
      JSON.stringify([secret]),
    ]) {
      const message = refused(broken);
      expect(message)
        .to.contain('is damaged: vault/inventory/dr.json')
        .and.contain('list-object-versions --bucket vault');
      expect(message).not.to.contain('hunter');
    }
  });

  it('is refused when a newer program wrote it', () => {
    const message = refused(text.replace('"version": 2', '"version": 3'));
    expect(message)
      .to.contain('newer version')
      .and.contain('got:      3')
      .and.contain('expected: 2 or before')
      .and.contain('git pull');
  });

  it('is refused when it is of another account or region', () => {
    expect(refused(text.replace('111111111111', '333333333333')))
      .to.contain('of another account than the settings say')
      .and.contain('config set lifeboat:sourceAccount 333333333333 --stack dr');
    expect(refused(text.replace('eu-west-1', 'us-east-1')))
      .to.contain('of another region than the settings say')
      .and.contain('config set lifeboat:sourceRegion us-east-1 --stack dr');
  });
});
