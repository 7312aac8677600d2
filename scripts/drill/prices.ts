/**
 * Prices that a drill is reckoned with, in US dollars. On purpose above the list prices of https://aws.amazon.com/ec2/pricing/on-demand/ and
 * https://aws.amazon.com/ebs/pricing/ in the dearest regions: a ceiling is to hold without asking AWS for prices.
 */
export const PRICES = {
  /** By the beginning of the type: accelerated, large-memory, and fast-clocked machines. */
  perVcpuHour: {
    '(p|g|trn|inf|dl|vt|f)\\d': 1.5,
    '(u|x)': 0.5,
    'z1d|mac|hpc': 0.5,
    'i|d\\d|h1|im|is': 0.15,
    'r|m|c|t|a': 0.1,
  } as Readonly<Record<string, number>>,
  /** Of a type that none of these is. */
  otherVcpuHour: 0.1,
  /** Beside that, a vCPU, of a machine whose platform has a licence, by what it is called; the first that fits. */
  licences: [
    ['SQL Server Enterprise', 0.6],
    ['SQL Server Standard', 0.25],
    ['Windows', 0.1],
    ['Red Hat', 0.15],
    ['SUSE', 0.15],
    ['Linux/', 0],
    ['', 0.15],
  ] as readonly (readonly [string, number])[],
  /** Of a disk, whatever its type. */
  gibMonth: 0.15,
  /** Of the IOPS that a disk has been given, those that are free too. */
  iopsMonth: 0.08,
} as const;
