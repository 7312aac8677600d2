import { DescribeInstanceAttributeCommand, ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import type { Account } from '../accounts';
import { perObject } from '../kinds/perObject';
import type { RecoveredMachine } from './recoveredMachines';

/** What each protection is in AWS's terms, and in words. */
const PROTECTIONS = {
  stop: { Attribute: 'disableApiStop', field: 'DisableApiStop', words: 'protection against being stopped' },
  termination: {
    Attribute: 'disableApiTermination',
    field: 'DisableApiTermination',
    words: 'protection against being terminated',
  },
} as const;

/**
 * Takes off machines what they were protected with in the source, and so in DR, where they have it: the end of a recovery stops and
 * terminates them. Only for machines of a recovery; nobody else's are among them, nor does the role's policy let them be.
 *
 * @throws whatever AWS answers
 */
export async function liftProtection(
  machines: readonly Pick<RecoveredMachine, 'id' | 'name'>[],
  from: keyof typeof PROTECTIONS,
  { dr, note }: { dr: Pick<Account, 'ec2'>; note(text: string): void },
): Promise<void> {
  const { Attribute, field, words } = PROTECTIONS[from];
  const { ec2 } = dr;
  await Promise.all(
    machines.map(({ id: InstanceId, name }) =>
      perObject(ec2, async () => {
        const found = await ec2.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute }));
        if (found[field]?.Value !== true) return;
        await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, [field]: { Value: false } }));
        note(`${name}: its ${words} is taken off`);
      }),
    ),
  );
}
