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
  /** Beside that, of a machine whose system has a licence. */
  licensed: 0.1,
  /** Of a disk, whatever its type. */
  gibMonth: 0.15,
  /** Of the IOPS that a disk has been given, those that are free too. */
  iopsMonth: 0.08,
} as const;
