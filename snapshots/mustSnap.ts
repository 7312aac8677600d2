/** The tag of disks, snapshots and machines that are to be in DR, as users of the older scripts have it. */
export const MUST_SNAP = { key: 'MUSTSNAP', value: 'True' } as const;
