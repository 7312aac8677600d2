import {
  type Action,
  DescribeListenerAttributesCommand,
  type Listener as Found,
  paginateDescribeListenerCertificates,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ListenerArgs } from '@pulumi/aws/lb/listener';
import type { Account } from '../../accounts';
import { allPages, type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';
import { perObject } from '../perObject';
import { actionsOf, asksWho, changedActions } from './listenerActions';
import { listenerArgs } from './listenerArgs';
import { type FoundListener, listListeners, loadBalancing, loadBalancingTags } from './loadBalancing';

/** A listener, by its load balancer's name and its port. Its default actions are its default rule. */
export interface Listener extends Item {
  readonly arn: string;
  readonly loadBalancer: string;
  readonly port: number;
  readonly protocol: string;
  readonly sslPolicy?: string;
  readonly alpnPolicy?: string;
  /** The default one. */
  readonly certificateArn?: string;
  /** ARNs of those that it shows for other names. */
  readonly otherCertificates: readonly string[];
  /** `off`, `passthrough` or `verify`: whether it asks clients for certificates. */
  readonly clientCertificates: string;
  readonly actions: readonly Action[];
  /** By AWS's own names, as AWS writes the values. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Protocols under a certificate. */
const UNDER_TLS = ['HTTPS', 'TLS'];

/** The id of a listener. Neither part may hold the sign between them, and colons would read as delimiters in a resource's URN. */
export const listenerId = (balancer: string, { Port }: Found): string =>
  `${balancer}_${present(Port, 'Port')}`;

/** A listener of a load balancer, and made with that. */
export const listener: Kind<Listener> = {
  name: 'listener',
  title: 'Listener of a load balancer',
  cost: 'billed',
  madeAtRecovery: true,
  types: ['aws:lb/listener:Listener'],
  iamActions: [
    'elasticloadbalancing:DescribeLoadBalancers',
    'elasticloadbalancing:DescribeListeners',
    'elasticloadbalancing:DescribeListenerAttributes',
    'elasticloadbalancing:DescribeListenerCertificates',
    'elasticloadbalancing:DescribeTags',
  ],

  async list(account) {
    const found = await listListeners(account);
    const arns = found.map(({ listener: { ListenerArn } }) => present(ListenerArn, 'ListenerArn'));
    const [parts, tags] = await Promise.all([
      Promise.all(found.map((each) => partsOf(account, each))),
      loadBalancingTags(account, arns),
    ]);
    return found.map(({ balancer, listener: each }, index) => ({
      id: listenerId(balancer, each),
      tags: present(tags[index], 'Tags'),
      arn: present(arns[index], 'ListenerArn'),
      loadBalancer: balancer,
      port: present(each.Port, 'Port'),
      protocol: present(each.Protocol, 'Protocol'),
      sslPolicy: each.SslPolicy || undefined,
      alpnPolicy: each.AlpnPolicy?.[0],
      certificateArn: parts[index]?.certificate,
      otherCertificates: parts[index]?.otherCertificates ?? [],
      clientCertificates: each.MutualAuthentication?.Mode ?? 'off',
      actions: actionsOf(each.DefaultActions),
      attributes: parts[index]?.attributes ?? {},
    }));
  },

  // Without what it asks for it would let in whoever comes.
  skip({ actions, clientCertificates, protocol, port }) {
    if (protocol === 'QUIC' || protocol === 'TCP_QUIC')
      return `it listens by ${protocol} on ${port}, for targets that are told by ids of QUIC`;
    return clientCertificates === 'off'
      ? asksWho(actions)
      : "it asks clients for certificates, which DR's cannot tell";
  },

  atRecovery: (item) => `a listener of the load balancer ${item.loadBalancer}, and made with that`,

  mirror: (item, ctx) =>
    resource<ListenerArgs>('aws:lb/listener:Listener', {
      ...listenerArgs(item, ctx),
      tags: ctx.tags(item),
    }),

  // AWS takes one of a port.
  identity: (item, dr) => dr.id('load-balancer', item.loadBalancer) && item.id,
  importId: (item) => item.arn,
  taggedWhenMade: true,
  fixed: (item, _zone, dr) => [dr.id('load-balancer', item.loadBalancer)],

  danger(item, former) {
    if (!former) return undefined;
    if (UNDER_TLS.includes(former.protocol) && !UNDER_TLS.includes(item.protocol))
      return `answers by ${item.protocol}, and no longer under TLS`;
    if (former.clientCertificates === 'verify' && item.clientCertificates !== 'verify')
      return 'no longer asks clients for certificates';
    return changedActions(item.actions, former.actions);
  },

  quotas: [
    {
      service: 'elasticloadbalancing',
      code: 'L-B6DF7632',
      name: 'Listeners per Application Load Balancer',
      per: (item) => (item.protocol.startsWith('HTTP') ? item.loadBalancer : null),
    },
  ],
};

async function partsOf(account: Account, { listener: found }: FoundListener) {
  const client = loadBalancing(account);
  const { ListenerArn, Protocol = '' } = found;
  const certificates = UNDER_TLS.includes(Protocol)
    ? await perObject(client, () =>
        allPages(
          paginateDescribeListenerCertificates({ client }, { ListenerArn }),
          (page) => page.Certificates,
        ),
      )
    : [];
  // AWS has none of TLS. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ListenerAttribute.html
  const answer =
    Protocol === 'TLS'
      ? { Attributes: [] }
      : await perObject(client, () => client.send(new DescribeListenerAttributesCommand({ ListenerArn })));
  return {
    certificate: certificates.find(({ IsDefault }) => IsDefault)?.CertificateArn,
    otherCertificates: certificates
      .filter(({ IsDefault }) => !IsDefault)
      .map(({ CertificateArn }) => present(CertificateArn, 'CertificateArn'))
      .sort(),
    attributes: tagRecord(present(answer.Attributes, 'Attributes')),
  };
}
