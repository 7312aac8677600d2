import { expect } from 'chai';
import fc from 'fast-check';
import { PROBE_TAG, probeOf } from '../../inventory/probes';

describe('the ports that have to answer', () => {
  it('are one, or several with commas or spaces, each once', () => {
    expect(probeOf({ [PROBE_TAG]: '5432' })).to.deep.equal([5432]);
    for (const text of ['5432,8080', ' 5432 8080 ', '5432 , 8080', '5432,8080,5432'])
      expect(probeOf({ [PROBE_TAG]: text }), text).to.deep.equal([5432, 8080]);
    expect(probeOf({ [PROBE_TAG]: '1 65535' })).to.deep.equal([1, 65_535]);
    expect(probeOf({})).to.equal(undefined);
  });

  it('are none where any part is no port', () => {
    for (const text of [
      '',
      ' ',
      '0',
      '65536',
      '-1',
      '5432,',
      ',5432',
      '5432;8080',
      '080',
      '1e3',
      'ssh',
      '80-90',
    ])
      expect(probeOf({ [PROBE_TAG]: text }), `"${text}"`).to.equal('malformed');
  });

  it('are ports, whatever the tag says', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const ports = probeOf({ [PROBE_TAG]: text });
        if (!Array.isArray(ports)) return ports === 'malformed';
        return (
          ports.length > 0 && ports.every((port) => Number.isInteger(port) && port >= 1 && port <= 65_535)
        );
      }),
    );
  });
});
