import { attachments } from './iamAttachments';

/** The managed policies of groups. */
export const iamGroupAttachment = attachments('group');
