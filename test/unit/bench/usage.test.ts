import { expect } from 'chai';
import { descendants, parseStat, roleOf } from '../../../scripts/bench/usage';

describe('the processes of a run', () => {
  it('are the first, those that it started, and those that these started', () => {
    const all = [
      { pid: 30, parent: 20, ticks: 3 },
      { pid: 10, parent: 1, ticks: 1 },
      { pid: 20, parent: 10, ticks: 2 },
      { pid: 40, parent: 2, ticks: 4 },
    ];
    expect(descendants(10, all).map(({ pid }) => pid)).to.have.members([10, 20, 30]);
    expect(descendants(99, all)).to.deep.equal([]);
  });

  it('have their parent and CPU time in /proc, after a name that may hold anything', () => {
    const stat = '77 (a (b) c) S 12 77 1 0 -1 4194304 1 2 3 4 250 31 5 6 20 0 11 0';
    expect(parseStat(77, stat)).to.deep.equal({ pid: 77, parent: 12, ticks: 281 });
  });

  it('are told apart by their command lines', () => {
    expect(roleOf('/cache/engine-1/pulumi up --yes')).to.equal('engine');
    expect(roleOf('/cache/engine-1/pulumi-language-nodejs 127.0.0.1:1')).to.equal('language host');
    expect(roleOf('/usr/bin/node /x/node_modules/@pulumi/pulumi/cmd/run/index.js .')).to.equal('program');
    expect(roleOf('/home/.pulumi/plugins/resource-aws-v7.21.0/pulumi-resource-aws 127.0.0.1:1')).to.equal(
      'provider',
    );
    expect(roleOf('')).to.equal('other');
  });
});
