import { expect } from 'chai';
import { type KeyPair, keyPair } from '../../../kinds/machines/keyPair';
import { TAG } from '../../../names';
import { sides } from '../sides';
import { planned, reason } from './planned';

const key = (publicKey: string | undefined, tags = {}): KeyPair => ({ id: 'ops', tags, publicKey });
const ours = { [TAG.sourceId]: 'ops' };
const source = { 'key-pair': [key('ssh-rsa AAAA')] };

describe('key pairs', () => {
  it('that DR has and the state has lost are left as they are: the engine would replace what it imports', () => {
    const { resources, notes } = planned(source, { 'key-pair': [key('ssh-rsa AAAA', ours)] });
    expect(resources).to.deep.equal([]);
    expect(notes.join()).to.contain('key-pair/ops is in DR already and left as it is');
  });

  it('that DR has otherwise under the same name are not made beside that', () => {
    const result = planned(source, { 'key-pair': [key('ssh-rsa BBBB')] });
    expect(result.resources).to.deep.equal([]);
    expect(reason(result, 'key-pair/ops')).to.contain('DR has another ops');
  });

  it('that the state holds are made anew when the source has another key', () => {
    const state = new Map([['key-pair/ops', 'ops']]);
    const { resources } = planned(source, { 'key-pair': [key('ssh-rsa BBBB', ours)] }, state);
    expect(resources.map(({ name, adopt }) => [name, adopt])).to.deep.equal([['key-pair/ops', undefined]]);
  });

  it('stop a run when another key comes under the same name, but not when a new one does', () => {
    const now = key('ssh-rsa BBBB');
    expect(keyPair.danger?.(now, key('ssh-rsa AAAA'), sides()))
      .to.contain('another key under the name ops')
      .and.not.contain('AAAA');
    expect(keyPair.danger?.(now, key('ssh-rsa BBBB'), sides())).to.equal(undefined);
    expect(keyPair.danger?.(now, undefined, sides())).to.equal(undefined);
  });
});
