import { inlinePolicies } from './iamInlinePolicies';

/** The inline policies of groups. */
export const iamGroupPolicy = inlinePolicies('group');
