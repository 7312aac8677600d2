import {
  ListAWSDefaultServiceQuotasCommand,
  ListServiceQuotasCommand,
  NoSuchResourceException,
  type ServiceQuota,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import { LifeboatError } from '../../errors';
import { quotaValues } from '../../inventory/quotaValues';
import { kinds } from '../../kinds';

const GROUPS = 'L-E79EC296';
const RULES = 'L-0EA8095F';

function quota(QuotaCode: string, Value: number | undefined, more: Partial<ServiceQuota> = {}): ServiceQuota {
  return { ServiceCode: 'vpc', QuotaCode, QuotaName: QuotaCode, Value, ...more };
}

describe('the values of quotas', () => {
  const mock = mockClient(ServiceQuotasClient);
  const client = new ServiceQuotasClient({ region: 'eu-central-1' });
  const look = () => quotaValues('eu-central-1', { client });

  beforeEach(() => {
    mock.reset();
    mock.on(ListServiceQuotasCommand).resolves({ Quotas: [] });
    mock.on(ListAWSDefaultServiceQuotasCommand).resolves({ Quotas: [] });
  });

  async function refused(): Promise<string> {
    const error = await look().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(LifeboatError);
    return (error as LifeboatError).message;
  }

  it("are those that apply to the account, and AWS's defaults where none does", async () => {
    mock
      .on(ListAWSDefaultServiceQuotasCommand, { ServiceCode: 'vpc' })
      .resolves({ Quotas: [quota(GROUPS, 2500), quota(RULES, 60)] });
    mock.on(ListServiceQuotasCommand, { ServiceCode: 'vpc' }).resolves({ Quotas: [quota(RULES, 120)] });
    expect(Object.fromEntries(await look())).to.deep.equal({
      [`vpc/${GROUPS}`]: 2500,
      [`vpc/${RULES}`]: 120,
    });
  });

  it('are read on every page', async () => {
    mock
      .on(ListServiceQuotasCommand, { ServiceCode: 'vpc' })
      .resolves({ Quotas: [quota(GROUPS, 3000)], NextToken: 'more' })
      .on(ListServiceQuotasCommand, { ServiceCode: 'vpc', NextToken: 'more' })
      .resolves({ Quotas: [quota(RULES, 120)] });
    expect([...(await look()).keys()]).to.have.members([`vpc/${GROUPS}`, `vpc/${RULES}`]);
  });

  it('leave out what no kind names', async () => {
    mock.on(ListServiceQuotasCommand, { ServiceCode: 'vpc' }).resolves({ Quotas: [quota('L-00000000', 1)] });
    expect((await look()).size).to.equal(0);
  });

  it('are asked for only of the services that kinds name, each once by both ways', async () => {
    await look();
    const services = new Set(
      kinds.flatMap(({ quotas = [] }) => quotas.flatMap((q) => (q.code ? q.service : []))),
    );
    for (const command of [ListServiceQuotasCommand, ListAWSDefaultServiceQuotasCommand])
      expect(
        mock
          .commandCalls(command as typeof ListServiceQuotasCommand)
          .map(({ args }) => args[0].input.ServiceCode),
      ).to.have.members([...services]);
  });

  it('are none for a service that AWS does not know in the region', async () => {
    const unknown = new NoSuchResourceException({ message: 'no such service', $metadata: {} });
    mock.on(ListServiceQuotasCommand).rejects(unknown);
    mock.on(ListAWSDefaultServiceQuotasCommand).rejects(unknown);
    expect((await look()).size).to.equal(0);
  });

  it('are refused, with the permission, when a page fails', async () => {
    mock.on(ListServiceQuotasCommand).rejects(
      Object.assign(new Error('User: x is not authorized to perform: servicequotas:ListServiceQuotas'), {
        name: 'AccessDeniedException',
      }),
    );
    expect(await refused())
      .to.contain(
        'AccessDeniedException: User: x is not authorized to perform: servicequotas:ListServiceQuotas',
      )
      .and.to.contain('servicequotas:ListAWSDefaultServiceQuotas');
  });

  it('are refused when a page comes without its list', async () => {
    mock.on(ListAWSDefaultServiceQuotasCommand).resolves({});
    expect(await refused()).to.contain('nothing is concluded');
  });

  it('are refused when AWS says that it cannot tell one that is needed, and only then', async () => {
    const ErrorReason = { ErrorCode: 'SERVICE_QUOTA_NOT_AVAILABLE_ERROR' as const, ErrorMessage: 'later' };
    mock.on(ListServiceQuotasCommand).resolves({ Quotas: [quota('L-00000000', undefined, { ErrorReason })] });
    expect((await look()).size).to.equal(0);
    mock.on(ListServiceQuotasCommand).resolves({ Quotas: [quota(RULES, undefined, { ErrorReason })] });
    expect(await refused()).to.contain(`${RULES} (vpc/${RULES}): SERVICE_QUOTA_NOT_AVAILABLE_ERROR later`);
  });
});

describe('every quota that a kind names', () => {
  it('has a code as AWS writes them, or a documented default', () => {
    for (const { name, quotas = [] } of kinds)
      for (const { service, code, documented, name: title } of quotas) {
        expect(service, name).to.match(/^[a-z0-9-]+$/);
        expect(title, name).not.to.equal('');
        if (code === undefined) expect(documented, name).to.be.greaterThan(0);
        else expect(code, name).to.match(/^L-[0-9A-F]{8}$/);
      }
  });

  it('has one name, wherever it is named', () => {
    const names = new Map<string, string>();
    for (const { quotas = [] } of kinds)
      for (const { service, code, name } of quotas) {
        const key = `${service}/${code ?? name}`;
        expect(names.get(key) ?? name, key).to.equal(name);
        names.set(key, name);
      }
  });
});
