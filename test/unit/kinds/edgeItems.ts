import type { TargetGroup } from '../../../kinds/balancing/targetGroup';
import type { AcmCertificate } from '../../../kinds/services/acmCertificate';
import type { SnsTopic } from '../../../kinds/services/snsTopic';
import type { SsmParameter } from '../../../kinds/services/ssmParameter';

export function targetGroup(id: string, more: Partial<TargetGroup> = {}): TargetGroup {
  return {
    id,
    tags: {},
    arn: `arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/${id}/0123456789abcdef`,
    targetType: 'instance',
    protocol: 'HTTP',
    protocolVersion: 'HTTP1',
    port: 80,
    vpcId: 'vpc-1',
    ipAddressType: 'ipv4',
    targetControlPort: undefined,
    healthCheck: { enabled: true, protocol: 'HTTP', path: '/', matcher: '200' },
    attributes: {},
    ...more,
  };
}

export function topic(id: string, more: Partial<SnsTopic> = {}): SnsTopic {
  const arn = `arn:aws:sns:eu-west-1:111111111111:${id}`;
  return { id, tags: {}, arn, attributes: {}, isSubscribed: false, ...more };
}

export function parameter(id: string, value: string, more: Partial<SsmParameter> = {}): SsmParameter {
  return { id, tags: {}, parameterType: 'String', tier: 'Standard', dataType: 'text', value, ...more };
}

export function certificate(id: string, more: Partial<AcmCertificate> = {}): AcmCertificate {
  return {
    id,
    tags: {},
    domainName: 'example.com',
    names: ['example.com'],
    certificateType: 'AMAZON_ISSUED',
    validationMethod: 'DNS',
    keyAlgorithm: 'RSA_2048',
    isUnlogged: false,
    isExportable: false,
    isManaged: false,
    isSpent: false,
    ...more,
  };
}
