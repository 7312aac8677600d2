import { inlinePolicies } from './iamInlinePolicies';

/** The inline policies of users. */
export const iamUserPolicy = inlinePolicies('user');
