import { instance } from './instance';
import type { AnyKind } from './kind';
import { prefixList } from './prefixList';
import { securityGroup } from './securityGroup';
import { securityGroupRule } from './securityGroupRule';
import { subnet } from './subnet';
import { volume } from './volume';
import { vpc } from './vpc';

/** Every kind, each after all kinds that it refers to. A kind that is not here does not exist. */
export const kinds: readonly AnyKind[] = [
  vpc,
  subnet,
  prefixList,
  securityGroup,
  securityGroupRule,
  volume,
  instance,
];
