import { attachments } from './iamAttachments';

/** The managed policies of users. */
export const iamUserAttachment = attachments('user');
