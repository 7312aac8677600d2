import type { Policy, Statement } from '../../../vault/policyDocument';
import { may, type Request } from '../../unit/vault/evaluate';
import type { DrDocuments, Principal } from './drDocuments';
import { DR_ACCOUNT } from './way';

const many = (value: unknown): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value.map(String) : [String(value)];

/** Who a document lets in that is neither DR's own nor a service of AWS's, whatever its conditions are. */
export function outsidersIn({ Statement }: Policy): string[] {
  return Statement.filter(({ Effect }) => Effect === 'Allow').flatMap((statement) => {
    if ('NotPrincipal' in statement) return ['everybody but somebody'];
    const { Principal } = statement as { Principal?: unknown };
    if (typeof Principal === 'string') return [Principal];
    return Object.entries((Principal ?? {}) as Record<string, unknown>).flatMap(([type, values]) =>
      many(values).filter((value) => {
        if (type === 'Service') return !/^[a-z0-9.-]+\.amazonaws\.com$/.test(value);
        return !(type === 'AWS' && (value === DR_ACCOUNT || value.split(':')[4] === DR_ACCOUNT));
      }),
    );
  });
}

/** Services that a resource's document lets in for somebody outside of DR. */
export function servicesForOutsiders({ Statement }: Policy): string[] {
  return Statement.filter(({ Effect }) => Effect === 'Allow').flatMap((statement) => {
    const { Principal } = statement as { Principal?: { Service?: unknown } };
    const services = many(Principal?.Service);
    return services.length > 0 && !isForDr(statement) ? services : [];
  });
}

function isForDr({ Condition = {} }: Statement): boolean {
  return ['StringEquals', 'ArnEquals', 'ArnLike', 'StringLike'].some((operator) =>
    Object.entries(Condition[operator] ?? {}).some(([key, value]) => {
      const accounts = many(value).map((each) =>
        each.startsWith('arn:') ? (each.split(':')[4] ?? '') : each,
      );
      return (
        ['aws:sourceaccount', 'aws:sourcearn'].includes(key.toLowerCase()) &&
        accounts.every((account) => account === DR_ACCOUNT)
      );
    }),
  );
}

/** Whether a principal of DR could do something, with all its documents. One that is not there can do nothing. */
export function could(principal: Principal | undefined, request: Request): boolean {
  if (!principal) return false;
  const { arn, policies, boundary } = principal;
  return may(
    { policies, boundary },
    { ...request, context: { 'aws:PrincipalArn': arn, ...request.context } },
  );
}

/** What of these a principal could do. */
export function canDo(dr: DrDocuments, name: string, requests: Readonly<Record<string, Request>>): string[] {
  const found = dr.principals.get(name);
  // What is not there shows nothing.
  if (!found) return [`${name} has no mirror to look at`];
  return Object.entries(requests)
    .filter(([, request]) => could(found, request))
    .map(([what]) => `${name} can ${what}`);
}
