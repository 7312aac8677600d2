import {
  CreatePlacementGroupCommand,
  type CreatePlacementGroupCommandInput,
  DeletePlacementGroupCommand,
  DescribePlacementGroupsCommand,
} from '@aws-sdk/client-ec2';
import type { Subject } from './subject';

export const placementGroups: Subject = {
  name: 'placement groups',
  async make(source) {
    const groups: CreatePlacementGroupCommandInput[] = [
      { GroupName: 'compute', Strategy: 'cluster' },
      { GroupName: 'kafka', Strategy: 'partition', PartitionCount: 3 },
      { GroupName: 'quorum', Strategy: 'spread', SpreadLevel: 'rack' },
    ];
    for (const group of groups) await source.send(new CreatePlacementGroupCommand(group));
  },
  async change(source) {
    await source.send(new DeletePlacementGroupCommand({ GroupName: 'compute' }));
    await source.send(new CreatePlacementGroupCommand({ GroupName: 'compute', Strategy: 'spread' }));
  },
  async remove(source) {
    // Not all of them: the guard stops a run that misses a whole kind.
    await source.send(new DeletePlacementGroupCommand({ GroupName: 'compute' }));
  },
  async read(side) {
    const { PlacementGroups = [] } = await side.send(new DescribePlacementGroupsCommand({}));
    return PlacementGroups.map(
      ({ GroupName, Strategy, PartitionCount, SpreadLevel }) =>
        `${GroupName} ${Strategy} ${PartitionCount ?? SpreadLevel ?? ''}`,
    ).sort();
  },
  made: ['compute cluster ', 'kafka partition 3', 'quorum spread rack'],
  changed: ['compute spread rack', 'kafka partition 3', 'quorum spread rack'],
  left: ['kafka partition 3', 'quorum spread rack'],
};
