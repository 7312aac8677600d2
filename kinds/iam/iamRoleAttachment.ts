import { attachments } from './iamAttachments';

/** The managed policies of roles. */
export const iamRoleAttachment = attachments('role');
