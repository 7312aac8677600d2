import { inlinePolicies } from './iamInlinePolicies';

/** The inline policies of roles. */
export const iamRolePolicy = inlinePolicies('role');
