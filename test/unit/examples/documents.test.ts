import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { processDeps } from '../../../scripts/deps';
import { main } from '../../../scripts/lifeboat';
import { OPTIONS } from '../../../settings';
import { SOURCE_OPTIONS } from '../../../source/settings';
import { VAULT_OPTIONS } from '../../../vault/settings';

const root = path.resolve(__dirname, '../../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
/** The formatter pads the cells of tables. */
const unpadded = (text: string) => text.replace(/ +/g, ' ');
const DOCUMENTS = ['README.md', 'docs/runbook.md'];
const WITH_COMMANDS = [
  ...DOCUMENTS,
  'docs/examples/review.yml',
  'docs/examples/schedule.yml',
  'docs/examples/crontab',
];

async function help(...args: string[]): Promise<string> {
  let text = '';
  const stdout = { write: (part: string) => (text += part) };
  expect(await main([...args, '--help'], { ...processDeps(), stdout })).to.equal(0);
  return text;
}

describe('the README', () => {
  for (const [program, options] of Object.entries({
    root: OPTIONS,
    vault: VAULT_OPTIONS,
    source: SOURCE_OPTIONS,
  })) {
    for (const [key, { help: sentence, example }] of Object.entries(options)) {
      it(`has the setting ${key} of the ${program} as the code explains it`, () => {
        expect(unpadded(read('README.md'))).to.include(`| \`${key}\` | ${sentence} | \`${example}\` |`);
      });
    }
  }

  it('has every command', async () => {
    const names = [...(await help()).matchAll(/^ {2}lifeboat ([a-z-]+)/gm)].map(([, name]) => name);
    expect(names).to.include.members(['init', 'copy-snapshots']);
    for (const name of names) expect(unpadded(read('README.md'))).to.include(`| \`npx lifeboat ${name}\``);
  });
});

for (const name of DOCUMENTS) {
  describe(name, () => {
    const text = read(name);

    it('links only to what is there', () => {
      const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(
        ([, title = '']) =>
          `#${title
            .toLowerCase()
            .replace(/[^\w -]/g, '')
            .replaceAll(' ', '-')}`,
      );
      for (const [, target = ''] of text.matchAll(/\]\(([^)]+)\)/g)) {
        if (target.startsWith('#')) expect(anchors).to.include(target);
        else expect(existsSync(path.join(root, path.dirname(name), target)), target).to.equal(true);
      }
    });

    it('names no account but the examples', () => {
      const accounts = new Set([...text.matchAll(/\b\d{12}\b/g)].map(([id]) => id));
      for (const id of accounts) expect(['111111111111', '222222222222']).to.include(id);
    });
  });
}

describe('the runbook', () => {
  it('says what to do about everything that status may name', () => {
    const source = read('scripts/status/finding.ts');
    const codes = [...source.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(([, code]) => code);
    expect(codes).to.include.members(['rpo-missed', 'left-behind']);
    for (const code of codes)
      expect(unpadded(read('docs/runbook.md'))).to.match(new RegExp(`^\\| \`${code}\` \\|`, 'm'));
  });
});

describe('every command line in the documents', () => {
  const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);

  for (const name of WITH_COMMANDS) {
    it(`of ${name} is one that exists, with flags that exist`, async () => {
      const text = read(name);
      for (const [, script] of text.matchAll(/npm run (?:--silent |-s )?([\w:]+)/g))
        expect(scripts, `npm run ${script}`).to.include(script);
      for (const [line, command = ''] of text.matchAll(/npx lifeboat ([a-z-]+)[^\n`&|#;]*/g)) {
        const known = await help(command);
        for (const [flag] of line.matchAll(/--[a-z-]+/g)) expect(known, line).to.include(flag);
      }
    });
  }
});
