import {
  type EC2Client,
  type Instance,
  paginateDescribeInstances,
  paginateDescribeVolumes,
} from '@aws-sdk/client-ec2';
import prettyMs from 'pretty-ms';
import { LifeboatError } from '../../errors';
import { allPages, tagRecord } from '../../kinds/kind';
import { TAG } from '../../names';

/** How often the account is asked, in milliseconds. */
const POLL = 1_000;

/**
 * Watches machines come up in DR, beside whatever brings them up.
 *
 * @param now the account's own clock
 * @returns `finish`, which ends the watch, throws unless exactly the machines of these source ids run, and answers a row for each machine: name, id in the source, id in DR, address, disks, age of its
 * data, time from the start of the watch until it was seen running
 */
export function watchMachines(
  ec2: EC2Client,
  now: () => Promise<Date>,
): { finish(expected: readonly string[]): Promise<string[][]> } {
  const started = now();
  const running = new Map<string, Date>();
  let done = false;
  const look = async () => {
    const found = await recoveredMachines(ec2);
    const at = await now();
    for (const { InstanceId = '', State } of found)
      if (State?.Name === 'running' && !running.has(InstanceId)) running.set(InstanceId, at);
    return found;
  };
  const watch = (async () => {
    while (!done) {
      await look();
      await new Promise((next) => setTimeout(next, POLL));
    }
  })();
  // An error is thrown by finish; until then it must not end the process.
  watch.catch(() => {});
  return {
    async finish(expected) {
      done = true;
      await watch;
      const [found, since, at, volumes] = await Promise.all([look(), started, now(), recoveredVolumes(ec2)]);
      const up = found
        .filter(({ State }) => State?.Name === 'running')
        .map(({ Tags }) => tagRecord(Tags)[TAG.sourceId]);
      const missing = expected.filter((id) => !up.includes(id));
      if (missing.length > 0 || found.length !== expected.length)
        throw new LifeboatError({
          what: 'Not every machine runs in DR, once',
          got: `${found.length} machines; without one that runs: ${missing.join(', ') || 'none'}`,
          expected: `${expected.length} machines`,
        });
      return found
        .map((machine) => {
          const id = machine.InstanceId ?? '';
          const tags = tagRecord(machine.Tags);
          const disks = volumes.filter((volume) => volume.machine === id);
          const oldest = Math.min(...disks.map(({ from }) => from.getTime()));
          const seen = running.get(id);
          return [
            tags.Name ?? '',
            tags[TAG.sourceId] ?? '',
            id,
            machine.PrivateIpAddress ?? '',
            disks.map(({ device, size, snapshot }) => `${device} ${size} GiB of ${snapshot}`).join('\n'),
            `${prettyMs(at.getTime() - oldest, { secondsDecimalDigits: 0 })} ago`,
            seen
              ? prettyMs(seen.getTime() - since.getTime(), { secondsDecimalDigits: 0 })
              : (machine.State?.Name ?? ''),
          ];
        })
        .sort(([a = ''], [b = '']) => a.localeCompare(b));
    },
  };
}

async function recoveredMachines(ec2: EC2Client): Promise<Instance[]> {
  const Filters = [
    { Name: 'tag-key', Values: [TAG.recoveryPoint] },
    { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
  ];
  const pages = paginateDescribeInstances({ client: ec2 }, { Filters });
  return (await allPages(pages, (page) => page.Reservations)).flatMap((found) => found.Instances ?? []);
}

async function recoveredVolumes(ec2: EC2Client) {
  const Filters = [{ Name: 'tag-key', Values: [TAG.sourceSnapshot] }];
  const volumes = await allPages(
    paginateDescribeVolumes({ client: ec2 }, { Filters }),
    (page) => page.Volumes,
  );
  return volumes.map(({ Attachments = [], Size, Tags }) => {
    const tags = tagRecord(Tags);
    return {
      machine: Attachments[0]?.InstanceId,
      device: Attachments[0]?.Device ?? '',
      size: Size,
      snapshot: tags[TAG.sourceSnapshot] ?? '',
      from: new Date(tags[TAG.sourceTime] ?? ''),
    };
  });
}
