import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { recoverProgress } from '../../../scripts/recover/progress';

describe('the progress of a recovery', () => {
  function shown(isTerminal: boolean) {
    const stderr = Object.assign(new PassThrough(), { isTTY: isTerminal, columns: 200 });
    let text = '';
    stderr.on('data', (chunk) => {
      text += String(chunk);
    });
    return { progress: recoverProgress(3, { stderr, isTerminal }), text: () => text };
  }
  const step = { machines: [{}, {}] as never };

  it('counts machines as their steps end, and says for good what comes after it', () => {
    const { progress, text } = shown(true);
    progress.note('wave 1: A, B');
    progress.stepDone(step);
    progress.stop();
    expect(text()).to.contain('0 of 3 machines').and.contain('2 of 3 machines');
    progress.note('a function is left');
    expect(text().endsWith('a function is left\n')).to.equal(true);
    progress.stop();
  });

  it('is plain lines elsewhere', () => {
    const { progress, text } = shown(false);
    progress.note('wave 1: A, B');
    progress.stepDone(step);
    progress.stop();
    expect(text()).to.equal('wave 1: A, B\n');
  });
});
