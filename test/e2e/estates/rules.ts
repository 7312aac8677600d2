import type { Tag } from '@aws-sdk/client-ec2';
import { LeftOut } from './fields';
import type { Names } from './names';

export const id = (value: string, names: Names) => names.id(value);
export const tags = (value: Tag[], names: Names) => names.tags(value);
export const cidr = (value: string, names: Names) => names.cidr(value);
export const text = (value: string, names: Names) => names.text(value);

export const itself = new LeftOut('it is what the object is found by');
export const owner = new LeftOut('each side has its own account');
export const arn = new LeftOut('it follows from account, region and id');
export const state = new LeftOut('AWS keeps it, and changes it by itself');
export const apart = new LeftOut('its elements are compared as objects of their own');
export const twice = new LeftOut('another field, or object, says the same');
export const elsewhere = new LeftOut(
  'it belongs to Outposts, Local Zones or Wavelength, which are no part of an estate',
);
export const guardedElsewhere = new LeftOut(
  'the account is set so as a whole (VPC block public access), not the object',
);
export const operator = new LeftOut(
  'it is set for what an AWS service manages, and nobody else may change that',
);
