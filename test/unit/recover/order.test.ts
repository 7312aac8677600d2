import { expect } from 'chai';
import { PROBE_TAG } from '../../../inventory/probes';
import { recoverySteps } from '../../../inventory/waves';
import { orderOf, portsOf, unreadableProbes } from '../../../scripts/recover/order';

const steps = (...probes: (string | undefined)[]) =>
  recoverySteps(
    probes.map((probe, index) => {
      const tags: Record<string, string> = probe === undefined ? {} : { [PROBE_TAG]: probe };
      return { id: `i-${index}`, name: `M${index}`, tags };
    }),
  );
const order = (...probes: (string | undefined)[]) =>
  orderOf(steps(...probes), { machines: [], failed: [], notes: [] }, new Date(0));

describe('the order of a recovery', () => {
  it('says who waits for which port, where anybody does', () => {
    expect(order('5432 8080', undefined, 'ssh'))
      .to.contain('waits for port')
      .and.match(/M0 .*5432, 8080/)
      .and.match(/M2 .*cannot be read/);
    expect(order(undefined)).to.not.contain('port');
  });

  it('has ports of those alone whose tag can be read, and names the others', () => {
    const some = steps('5432', undefined, 'ssh');
    expect([...portsOf(some)]).to.deep.equal([['i-0', [5432]]]);
    expect(unreadableProbes(some)).to.deep.equal([
      'M2: its tag lifeboat:probe cannot be read, so no port is waited for',
    ]);
  });
});
