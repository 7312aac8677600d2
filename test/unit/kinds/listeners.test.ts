import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect } from 'chai';
import { Ref } from '../../../inventory/refs';
import { type Listener, listener } from '../../../kinds/balancing/listener';
import { type ListenerRule, listenerRule } from '../../../kinds/balancing/listenerRule';
import type { Item } from '../../../kinds/kind';
import { TAG } from '../../../names';
import { sides } from '../sides';
import { balancer, groupArn, listenerOn, made, ruleOf } from './balancedItems';
import { certificate } from './edgeItems';

const NOTHING = sides();
const CERTIFICATE = 'arn:aws:acm:eu-west-1:111111111111:certificate/1';
const signIn: Action = { Type: 'authenticate-oidc', Order: 1 };
const to = (name: string): Action => ({ Type: 'forward', Order: 2, TargetGroupArn: groupArn(name) });

describe('listeners', () => {
  const on = (more: Partial<Listener>, dr: Record<string, readonly Item[]> = {}) =>
    made(
      {
        'acm-certificate': [certificate(CERTIFICATE)],
        'load-balancer': [balancer('web')],
        listener: [listenerOn('web', 443, more)],
      },
      dr,
    );
  const HTTPS = { protocol: 'HTTPS', certificateArn: CERTIFICATE, sslPolicy: 'ELBSecurityPolicy-2016-08' };
  const inDr = (isIssued: boolean | undefined) => ({
    'acm-certificate': [
      certificate('arn:aws:acm:eu-central-1:222222222222:certificate/2', {
        tags: { [TAG.sourceId]: CERTIFICATE },
        isIssued,
      }),
    ],
  });

  it('are on DR’s load balancer, forward to its groups, and keep their headers', () => {
    const attributes = {
      'routing.http.response.server.enabled': 'false',
      'routing.http.response.strict_transport_security.header_value': 'max-age=1',
      'routing.http.response.x_frame_options.header_value': '',
    };
    const args = on({ attributes }).args('listener/web_443');
    expect(args).to.deep.include({
      loadBalancerArn: new Ref('load-balancer/web'),
      port: 443,
      defaultActions: [{ type: 'forward', order: 1, targetGroupArn: new Ref('target-group/web') }],
      routingHttpResponseServerEnabled: false,
      routingHttpResponseStrictTransportSecurityHeaderValue: 'max-age=1',
    });
    expect(args).to.not.have.property('routingHttpResponseXFrameOptionsHeaderValue');
  });

  it('forward by weight, without the groups that have no mirror', () => {
    const TargetGroups = ['web', 'app', 'functions'].map((name, index) => ({
      TargetGroupArn: groupArn(name),
      Weight: index,
    }));
    const { args, notes } = on({ actions: [{ Type: 'forward', Order: 1, ForwardConfig: { TargetGroups } }] });
    expect(args('listener/web_443').defaultActions).to.deep.equal([
      {
        type: 'forward',
        order: 1,
        forward: {
          targetGroups: [
            { arn: new Ref('target-group/web'), weight: 0 },
            { arn: new Ref('target-group/app'), weight: 1 },
          ],
        },
      },
    ]);
    expect(notes).to.contain('does without the target group functions');
  });

  it('redirect to DR’s load balancer where they redirected to the source’s', () => {
    const redirect = (Host: string): Partial<Listener> => ({
      actions: [{ Type: 'redirect', Order: 1, RedirectConfig: { Host, StatusCode: 'HTTP_302' } }],
    });
    const hostOf = (host: string) => {
      const [action] = on(redirect(host)).args('listener/web_443').defaultActions as {
        redirect?: { host: unknown };
      }[];
      return action?.redirect?.host;
    };
    expect(hostOf('WEB-1.eu-west-1.elb.amazonaws.com')).to.deep.equal(
      new Ref('load-balancer/web', 'dnsName'),
    );
    expect(hostOf('#{host}')).to.equal('#{host}');
    expect(hostOf('other.example')).to.equal('other.example');
    // Whoever holds the source answers there.
    expect(hostOf('other-1.eu-west-1.elb.amazonaws.com')).to.equal(undefined);
    expect(on(redirect('other-1.eu-west-1.elb.amazonaws.com')).notes).to.contain('answers 503 by default');
  });

  it('answer 503 by default where their group has no mirror, and are left out where they can only forward', () => {
    const actions = [to('functions')];
    const { args, notes } = on({ actions });
    expect(args('listener/web_443').defaultActions).to.have.nested.property(
      '[0].fixedResponse.statusCode',
      '503',
    );
    expect(notes).to.contain('it leads to functions, which has no mirror');
    expect(on({ actions, protocol: 'TCP' }).reason('listener/web_443')).to.contain('functions');
  });

  it('wait for DR’s certificate to be issued', () => {
    const issued = on(HTTPS, inDr(true)).args('listener/web_443');
    expect(issued).to.deep.include({
      certificateArn: new Ref(`acm-certificate/${CERTIFICATE}`),
      sslPolicy: 'ELBSecurityPolicy-2016-08',
    });
    for (const dr of [inDr(false), inDr(undefined), {}])
      expect(on(HTTPS, dr).reason('listener/web_443'))
        .to.contain('is not issued')
        .and.contain('lifeboat status');
    const ofIam = 'arn:aws:iam::111111111111:server-certificate/old';
    expect(on({ ...HTTPS, certificateArn: ofIam }).reason('listener/web_443')).to.contain('of IAM');
  });

  it('are never made without the question who asks', () => {
    for (const [more, why] of [
      [{ actions: [signIn, to('web')] }, 'asks who people are'],
      [{ actions: [{ Type: 'jwt-validation', Order: 1 } as Action, to('web')] }, 'asks for tokens'],
      [{ clientCertificates: 'verify' }, 'asks clients for certificates'],
      [{ clientCertificates: 'passthrough' }, 'asks clients for certificates'],
    ] as const)
      expect(on({ ...HTTPS, ...more }, inDr(true)).reason('listener/web_443'), why).to.contain(why);
  });

  it('stop a run when they let in what they did not', () => {
    const danger = (now: Partial<Listener>, former: Partial<Listener> = {}) =>
      listener.danger?.(listenerOn('web', 443, now), listenerOn('web', 443, former), NOTHING);
    expect(danger({ protocol: 'HTTP' }, HTTPS)).to.contain('no longer under TLS');
    expect(danger({ protocol: 'TCP' }, { protocol: 'TLS' })).to.contain('no longer under TLS');
    expect(danger(HTTPS, { ...HTTPS, clientCertificates: 'verify' })).to.contain('client');
    expect(danger({}, { actions: [signIn, to('web')] })).to.equal('no longer asks who people are');
    expect(danger({ actions: [to('app')] })).to.equal('leads to app now');
    const RedirectConfig = { Host: 'evil.example', StatusCode: 'HTTP_302' as const };
    expect(danger({ actions: [{ Type: 'redirect', RedirectConfig }] })).to.equal('leads to evil.example now');
    expect(danger({})).to.equal(undefined);
    expect(listener.danger?.(listenerOn('web', 443), undefined, NOTHING)).to.equal(undefined);
  });
});

describe('rules of listeners', () => {
  const of = (more: Partial<ListenerRule>) =>
    made({
      'load-balancer': [balancer('web')],
      listener: [listenerOn('web', 80)],
      'listener-rule': [ruleOf('web_80', 5, more)],
    });

  it('have every sort of condition, and what they rewrite', () => {
    const { args } = of({
      conditions: [
        { Field: 'host-header', Values: ['a.example'] },
        { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-A', RegexValues: ['^a'] } },
        { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['GET'] } },
        { Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'a', Value: 'b' }, { Value: 'c' }] } },
        { Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/8'] } },
      ],
      transforms: [
        { Type: 'url-rewrite', UrlRewriteConfig: { Rewrites: [{ Regex: '^/a', Replace: '/b' }] } },
      ],
    });
    expect(args('listener-rule/web_80_5')).to.deep.include({
      listenerArn: new Ref('listener/web_80'),
      priority: 5,
      conditions: [
        { hostHeader: { values: ['a.example'] } },
        { httpHeader: { httpHeaderName: 'X-A', regexValues: ['^a'] } },
        { httpRequestMethod: { values: ['GET'] } },
        {
          queryStrings: [
            { key: 'a', value: 'b' },
            { key: undefined, value: 'c' },
          ],
        },
        { sourceIp: { values: ['10.0.0.0/8'] } },
      ],
      transforms: [
        {
          type: 'url-rewrite',
          hostHeaderRewriteConfig: undefined,
          urlRewriteConfig: { rewrite: { regex: '^/a', replace: '/b' } },
        },
      ],
    });
  });

  it('answer 503 where they ask who people are: without them the next rule would let everybody in', () => {
    for (const actions of [[signIn, to('web')], [to('functions')]]) {
      const { args, notes } = of({ actions });
      expect(args('listener-rule/web_80_5').actions).to.have.nested.property(
        '[0].fixedResponse.statusCode',
        '503',
      );
      expect(args('listener-rule/web_80_5').conditions).to.deep.equal([{ pathPattern: { values: ['/a'] } }]);
      expect(notes).to.contain('answers 503 in DR');
    }
  });

  it('stop a run when they hold for more, lead elsewhere, or no longer ask', () => {
    const danger = (now: Partial<ListenerRule>, former: Partial<ListenerRule>) =>
      listenerRule.danger?.(ruleOf('web_80', 5, now), ruleOf('web_80', 5, former), NOTHING);
    const from = (...Values: string[]) => ({
      conditions: [{ Field: 'source-ip', SourceIpConfig: { Values } }],
    });
    expect(danger(from('10.0.0.0/8', '0.0.0.0/0'), from('10.0.0.0/8'))).to.equal('holds for 0.0.0.0/0 too');
    expect(danger({}, from('10.0.0.0/8'))).to.contain('no longer asks where');
    expect(danger(from('10.0.0.0/8'), from('10.0.0.0/8', '10.1.0.0/16'))).to.equal(undefined);
    expect(danger({ actions: [to('app')] }, {})).to.equal('leads to app now');
    expect(danger({}, { actions: [signIn, to('web')] })).to.equal('no longer asks who people are');
  });
});
