import { expect } from 'chai';
import fc from 'fast-check';
import { allowText, parseAllow } from '../../../inventory/guard/guardAllow';
import { nameTyped, typedName } from '../../../inventory/typedName';

describe('a name in a command', () => {
  it('is read as it was, and holds nothing that a shell or a list reads', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(nameTyped(typedName(text))).to.equal(text);
        expect(typedName(text)).to.match(/^[\w./:=@+*%-]*$/);
      }),
    );
  });

  it('leaves AWS’s own ids as they are', () => {
    for (const name of ['subnet/subnet-0a1b', 'route/rtb-1_0.0.0.0/0', 'vpc/*'])
      expect(typedName(name)).to.equal(name);
  });

  it('can be allowed, whatever somebody called it in the source', () => {
    const entry = {
      name: 'key-pair/$(curl example.com), or `x`',
      digest: '0123456789ab',
      until: '2026-01-31',
    };
    expect(parseAllow(allowText(entry))).to.deep.equal([entry]);
    expect(allowText(entry)).to.not.match(/[$`(), ]/);
  });
});
