import type { ListenerArgs } from '@pulumi/aws/lb/listener';
import type { Output } from '@pulumi/pulumi';
import { TAG } from '../../names';
import type { MirrorContext } from '../mirrorContext';
import type { AcmCertificate } from '../services/acmCertificate';
import type { Listener } from './listener';
import { actionArgs, CLOSED } from './listenerActions';

/** The attributes that the provider sets, under names of its own that are made of AWS's. */
const SETTABLE = /^(tcp\.idle_timeout\.seconds|routing\.http\.(request|response)\.[a-z_.]+)$/;

/** A listener's arguments but for its tags. */
export function listenerArgs(item: Listener, ctx: MirrorContext): ListenerArgs {
  if (item.otherCertificates.length > 0)
    ctx.note(`shows one certificate alone, and not ${item.otherCertificates.join(', ')}`);
  const isUnderTls = ['HTTPS', 'TLS'].includes(item.protocol);
  return {
    loadBalancerArn: ctx.ref('load-balancer', item.loadBalancer),
    port: item.port,
    protocol: item.protocol,
    certificateArn: isUnderTls ? certificate(item, ctx) : undefined,
    sslPolicy: isUnderTls ? item.sslPolicy : undefined,
    alpnPolicy: item.alpnPolicy,
    defaultActions: defaultActions(item, ctx),
    ...attributes(item, ctx),
  };
}

/** AWS refuses a listener whose certificate is not issued, and the engine begins nothing more after an error. */
function certificate({ certificateArn: arn }: Listener, ctx: MirrorContext): Output<string> {
  if (arn === undefined) return ctx.skip('AWS tells no certificate of it');
  if (!arn.includes(':acm:'))
    return ctx.skip(`its certificate ${arn} is of IAM, which gives its key to nobody`);
  const inDr = ctx.ref('acm-certificate', arn);
  const there = (ctx.allInDr('acm-certificate') as readonly AcmCertificate[]).find(
    ({ tags }) => tags[TAG.sourceId] === arn,
  );
  return there?.isIssued
    ? inDr
    : ctx.skip(
        `DR's certificate for ${arn} is not issued: npx lifeboat status names the records that prove its names`,
      );
}

function defaultActions({ actions, protocol }: Listener, ctx: MirrorContext): ListenerArgs['defaultActions'] {
  const made = actionArgs(actions, ctx);
  if (typeof made !== 'string') return made;
  // Its rules may lead to what is there.
  if (!protocol.startsWith('HTTP')) return ctx.skip(made);
  ctx.note(`answers 503 by default: ${made}`);
  return [CLOSED];
}

function attributes({ attributes: all }: Listener, ctx: MirrorContext): Partial<ListenerArgs> {
  const set = Object.entries(all).flatMap(([name, value]) => {
    if (value === '') return [];
    if (SETTABLE.test(name)) return [[inCamelCase(name), typed(value)]];
    ctx.note(`leaves out ${name}, which is ${value}: the provider does not set it`);
    return [];
  });
  return Object.fromEntries(set);
}

const inCamelCase = (name: string) =>
  name.replace(/[._]([a-z])/g, (_, letter: string) => letter.toUpperCase());

function typed(value: string): string | number | boolean {
  if (value === 'true' || value === 'false') return value === 'true';
  return /^\d+$/.test(value) ? Number(value) : value;
}
