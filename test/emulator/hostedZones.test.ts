import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  CreateReusableDelegationSetCommand,
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  ListReusableDelegationSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { expect } from 'chai';
import { Clients, HERE, newAccount, refusal, useEmulator } from './support';

describe('emulator: hosted zones', () => {
  const emulator = useEmulator();
  const client = () => new Clients(emulator().url, newAccount(), HERE).once(Route53Client);
  const zone = (dns: Route53Client, Name: string, more: object = {}) =>
    dns.send(new CreateHostedZoneCommand({ Name, CallerReference: `${Name} ${Math.random()}`, ...more }));
  const set = async (dns: Route53Client) => {
    const made = await dns.send(new CreateReusableDelegationSetCommand({ CallerReference: 'ours' }));
    return { ...made.DelegationSet, id: made.DelegationSet?.Id?.replace('/delegationset/', '') };
  };

  it('have name servers of their own, which no list of reusable sets shows', async () => {
    const dns = client();
    const one = await zone(dns, 'one.example');
    const two = await zone(dns, 'two.example');
    expect(one.DelegationSet?.NameServers).to.have.length(4);
    expect(one.DelegationSet?.NameServers).to.not.deep.equal(two.DelegationSet?.NameServers);
    const { DelegationSets } = await dns.send(new ListReusableDelegationSetsCommand({}));
    expect(DelegationSets ?? []).to.deep.equal([]);
  });

  it('answer by the servers of a set that is asked for, which stays what it was', async () => {
    const dns = client();
    const { id, NameServers = [] } = await set(dns);
    const { HostedZone } = await zone(dns, 'one.example', { DelegationSetId: id });
    const found = await dns.send(new GetHostedZoneCommand({ Id: HostedZone?.Id }));
    expect(found.DelegationSet?.NameServers).to.deep.equal(NameServers);
    const { ResourceRecordSets = [] } = await dns.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: HostedZone?.Id }),
    );
    const ns = ResourceRecordSets.find(({ Type }) => Type === 'NS');
    expect(ns?.ResourceRecords?.map(({ Value }) => Value)).to.deep.equal(NameServers);
    const { DelegationSets } = await dns.send(new ListReusableDelegationSetsCommand({}));
    expect(DelegationSets?.map(({ CallerReference }) => CallerReference)).to.deep.equal(['ours']);
    // Zones of which one lies in another share no name server.
    expect(await refusal(zone(dns, 'eu.one.example', { DelegationSetId: id }))).to.equal(
      'ConflictingDomainExists',
    );
    expect(await refusal(zone(dns, 'two.example', { DelegationSetId: 'N0NONE' }))).to.equal(
      'NoSuchDelegationSet',
    );
  });

  it('escape the asterisk of a name', async () => {
    const dns = client();
    const { HostedZone } = await zone(dns, 'one.example');
    const record = {
      Name: '*.one.example',
      Type: 'TXT',
      TTL: 60,
      ResourceRecords: [{ Value: '"a"' }],
    } as const;
    await dns.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: HostedZone?.Id,
        ChangeBatch: {
          Changes: [
            { Action: 'CREATE', ResourceRecordSet: { ...record, ResourceRecords: [{ Value: '"a"' }] } },
          ],
        },
      }),
    );
    const { ResourceRecordSets = [] } = await dns.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: HostedZone?.Id }),
    );
    expect(ResourceRecordSets.map(({ Name }) => Name)).to.include('\\052.one.example.');
  });
});
