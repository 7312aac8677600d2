import { carriedBoundaries } from './iamInlinePolicies';

/** The permissions boundaries of users: in DR the mirror's own takes their place, and these deny what they did not allow. */
export const iamUserBoundary = carriedBoundaries('user');
