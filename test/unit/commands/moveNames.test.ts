import { expect } from 'chai';
import { type Certificate, covering } from '../../../scripts/moveNames/certificates';
import type { NameFacts, SiteFacts } from '../../../scripts/moveNames/facts';
import { certificateCommand, stepsLeft, supportCase } from '../../../scripts/moveNames/steps';

const certificate: Certificate = { arn: 'arn:c', names: ['example.org', '*.example.org'], until: 2 };

function site(more: Partial<SiteFacts> = {}, names: readonly NameFacts[] = []): SiteFacts {
  const source = { id: 'E1', aliases: ['www.example.org'], config: {} };
  const mirror = { id: 'E2', domainName: 'd2.cloudfront.net' };
  return { site: { source, mirror }, certificate, names, ...more } as unknown as SiteFacts;
}

const at = (state: NameFacts['state'], more: Partial<NameFacts> = {}): NameFacts => ({
  name: 'www.example.org',
  state,
  holders: [],
  ...more,
});
const holder = { domain: 'www.example.org', account: '*******11111', resource: '*****1' };

describe('what is left to be done for a name', () => {
  const left = (state: NameFacts, facts = site()) => stepsLeft(facts, state).join('; ');

  it('is only its DNS once it is here', () =>
    expect(left(at('here'))).to.equal('lead www.example.org to d2.cloudfront.net in its zone'));
  it('is all of it without a certificate, in order', () =>
    expect(left(at('unknown'), site({ certificate: undefined }))).to.match(
      /^issue a certificate; disable E1 in the source; add the record _www\.example\.org TXT "d2\.cloudfront\.net"$/,
    ));
  it('is the move when nobody has it, and more when another has', () => {
    expect(left(at('free'))).to.equal('move it: npx lifeboat move-names --yes');
    expect(left(at('held', { holders: [holder] }))).to.match(/^disable E1.*TXT.*move it/);
  });
  it('names a wildcard of somebody else, and what AWS said', () => {
    const overlapping = { ...holder, domain: '*.example.org' };
    const text = left(at('held', { holders: [overlapping], refused: 'AccessDenied' }));
    expect(text).to.contain('*.example.org, which overlaps').and.contain('AWS said: AccessDenied');
  });
  it('is the mirror itself when there is none', () =>
    expect(left(at('unknown'), site({ site: { source: { id: 'E1' } } as SiteFacts['site'] }))).to.contain(
      'make the mirror of E1',
    ));
});

describe('certificates for names', () => {
  const older = { ...certificate, arn: 'arn:old', until: 1 };
  it('cover a name by itself or by a wildcard of one label, and the one that lasts longest is taken', () => {
    expect(covering(['example.org', 'www.example.org'], [older, certificate])?.arn).to.equal('arn:c');
    expect(covering(['*.example.org'], [older])?.arn).to.equal('arn:old');
  });
  it('cover nothing deeper, and all of the names or none', () => {
    expect(covering(['a.b.example.org'], [certificate])).to.equal(undefined);
    expect(covering(['www.example.org', 'example.com'], [certificate])).to.equal(undefined);
  });
  it('are asked for by one line', () =>
    expect(certificateCommand(['example.org', '*.example.org'])).to.match(
      /--region us-east-1 .*--domain-name example\.org --subject-alternative-names '\*\.example\.org'$/,
    ));
});

describe('the case for AWS Support', () => {
  it('names what another has, from where to where', () =>
    expect(supportCase([site({}, [at('held', { holders: [holder] })])], '222222222222'))
      .to.contain('www.example.org: from *****1 of the account *******11111 to E2')
      .and.contain('our account 222222222222'));
  it('is none where nothing is held', () =>
    expect(supportCase([site({}, [at('here'), at('free'), at('unknown')])], '222222222222')).to.equal(
      undefined,
    ));
});
