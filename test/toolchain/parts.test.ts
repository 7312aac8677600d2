import { expect } from 'chai';
import { withoutProxy } from '../../toolchain/parts/languageNodejs';
import { dropClients, dropPackages } from '../../toolchain/parts/trimProvider';
import { elapsed, progress } from '../../toolchain/progress';

describe('what the build changes in its copies', () => {
  it('gives Node programs the engine’s own address', () => {
    const line = '\t\tfmt.Sprintf("127.0.0.1:%d", handle.Port), pipes.directory())\n';
    expect(withoutProxy(`before\n${line}after`)).to.equal(
      'before\n\t\treq.GetMonitorAddress(), pipes.directory())\nafter',
    );
  });

  it('stops at a language host that it does not know', () => {
    expect(() => withoutProxy('package main')).to.throw('not the one that the build knows how to mend');
  });

  it('drops the services that are not kept', () => {
    const text = [
      'import (',
      '\t"github.com/hashicorp/terraform-provider-aws/internal/conns"',
      '\t"github.com/hashicorp/terraform-provider-aws/internal/service/ec2"',
      '\t"github.com/hashicorp/terraform-provider-aws/internal/service/ecs"',
      ')',
      '\t\tec2.ServicePackage(ctx),',
      '\t\tecs.ServicePackage(ctx),',
    ];
    expect(dropPackages(text.join('\n'), new Set(['ec2'])).split('\n')).to.deep.equal(
      text.filter((line) => !line.includes('ecs')),
    );
  });

  it('drops the clients that nobody calls, with their imports', () => {
    const client = (name: string, sdk: string) =>
      `func (c *AWSClient) ${name}Client(ctx context.Context) *${sdk}.Client {\n\treturn errs.Must(1)\n}\n`;
    const path = (name: string) => `\t"github.com/aws/aws-sdk-go-v2/service/${name}"\n`;
    const alias = `\tlexmodels_sdk "github.com/aws/aws-sdk-go-v2/service/lexmodels"\n`;
    const text = `import (\n${path('ec2')}${path('ecs')}${alias})\n\n${client('EC2', 'ec2')}\n${client('ECS', 'ecs')}`;
    expect(dropClients(text, new Set(['EC2']))).to.equal(
      `import (\n${path('ec2')})\n\n${client('EC2', 'ec2')}\n`,
    );
  });
});

describe('progress', () => {
  it('writes plain lines where there is no terminal', async () => {
    let [text, clock] = ['', 0];
    const shown = progress({ write: (more) => (text += more) }, () => clock);
    await shown.step('engine', async () => {
      clock += 251_000;
    });
    expect(text).to.equal('  … engine\n  ✔ engine 4 min 11 s\n');
  });

  it('draws over one line on a terminal, and cuts it to fit', async () => {
    let text = '';
    const shown = progress({ isTTY: true, columns: 10, write: (more) => (text += more) }, () => 0);
    await shown.step('a long title', async () => {});
    expect(text).to.equal('\r\u001b[K… a long \r\u001b[K  ✔ a long title 0 s\n');
  });

  it('marks what failed', async () => {
    let text = '';
    const shown = progress({ write: (more) => (text += more) });
    await shown.step('engine', () => Promise.reject(new Error('no'))).catch(() => {});
    expect(text).to.match(/✖ engine 0 s/);
  });

  it('tells time as people do', () => {
    expect([elapsed(400), elapsed(59_400), elapsed(60_000), elapsed(736_000)]).to.deep.equal([
      '0 s',
      '59 s',
      '1 min 0 s',
      '12 min 16 s',
    ]);
  });
});
