import { carriedBoundaries } from './iamInlinePolicies';

/** The permissions boundaries of roles: in DR the mirror's own takes their place, and these deny what they did not allow. */
export const iamRoleBoundary = carriedBoundaries('role');
