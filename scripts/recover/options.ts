/** How a recovery, or a drill of one, is driven from wave to wave. */
export const DRIVE_OPTIONS = {
  'go-on': {
    type: 'boolean',
    default: false,
    describe: 'Let later waves, and names at the end, come though a machine is not ready',
  },
  'gate-minutes': {
    type: 'number',
    default: 15,
    describe: 'How long the machines of one wave may take to pass their checks',
  },
  'poll-seconds': {
    type: 'number',
    default: 10,
    describe: 'Longest time between two looks at AWS',
  },
} as const;
