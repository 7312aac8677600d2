import type { Quota } from '../quota';
import type { Instance } from './instance';

/** Families of instance types with a quota of their own, by how the type begins: https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html */
const FAMILIES: readonly { readonly code: string; readonly name: string; readonly begins: RegExp }[] = [
  {
    code: 'L-1216C47A',
    name: 'Standard (A, C, D, H, I, M, R, T, Z)',
    begins: /^(?!hpc|inf|dl|mac|trn)[acdhimrtz]/,
  },
  { code: 'L-6E869C2A', name: 'DL', begins: /^dl/ },
  { code: 'L-74FC7D96', name: 'F', begins: /^f/ },
  { code: 'L-DB2E81BA', name: 'G and VT', begins: /^(g|vt)/ },
  { code: 'L-43DA4232', name: 'High Memory', begins: /^u/ },
  { code: 'L-F7808C92', name: 'HPC', begins: /^hpc/ },
  { code: 'L-1945791B', name: 'Inf', begins: /^inf/ },
  { code: 'L-417A185B', name: 'P', begins: /^p/ },
  { code: 'L-2C3B7624', name: 'Trn', begins: /^trn/ },
  { code: 'L-7295265B', name: 'X', begins: /^x/ },
];

/**
 * How many vCPUs may run at once, by family. A new account may have five: enough for no estate, and AWS takes days to raise it. At rest nothing
 * runs, so it is a recovery that reaches them.
 */
export const VCPU_QUOTAS: readonly Quota<Instance>[] = FAMILIES.map(({ code, name, begins }) => ({
  service: 'ec2',
  code,
  name: `Running On-Demand ${name} instances`,
  atRecovery: true,
  per: ({ instanceType }) => (begins.test(instanceType) ? '' : null),
  weight: ({ vcpus }) => vcpus ?? 0,
}));
