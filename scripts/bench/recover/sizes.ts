/** How much the bench of recovery has before it. */
export interface RecoverSize {
  readonly machines: number;
  /** Of one machine, its system disk among them. */
  readonly disks: number;
  readonly waves: number;
  /** How long AWS takes, in seconds: for an image, and from the launch until the status checks are passed. */
  readonly imageSeconds: number;
  readonly statusSeconds: number;
}

/** 50 machines with 3 disks each, in 3 waves. */
export const WHOLE_RECOVER: RecoverSize = {
  machines: 50,
  disks: 3,
  waves: 3,
  imageSeconds: 60,
  statusSeconds: 60,
};

/** A tenth of it, to see that the bench works. Its ratio says little: starting the engine is most of it. */
export const SMALL_RECOVER: RecoverSize = {
  ...WHOLE_RECOVER,
  machines: 6,
  imageSeconds: 5,
  statusSeconds: 5,
};
