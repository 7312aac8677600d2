"""By which addresses and names an interface endpoint is found.

https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
"""

from __future__ import annotations

from typing import Any

from .errors import ec2_error


def give_names(self: Any, endpoint: Any, subnets: list[Any]) -> None:
    """Its families of addresses, and by which names it is found: one endpoint of a VPC has a service's own."""
    backend, vpc = endpoint.ec2_backend, endpoint.ec2_backend.get_vpc(endpoint.vpc_id)
    family = self._get_param("IpAddressType") or endpoint.ip_address_type
    asked = self._get_param("DnsOptions") or {}
    options = {"DnsRecordIpType": family, "PrivateDnsOnlyForInboundResolverEndpoint": False, **(endpoint.dns_options or {}), **asked}
    if family != "ipv4" and not all(subnet.ipv6_cidr_block_associations for subnet in subnets):
        raise ec2_error("InvalidParameter", f"The IP address type {family} needs an IPv6 CIDR block in every subnet.")
    if options["DnsRecordIpType"] not in ("service-defined", family) and family != "dualstack":
        raise ec2_error("InvalidParameter", f"The DNS record IP type {options['DnsRecordIpType']} does not go with the IP address type {family}.")
    if endpoint.private_dns_enabled:
        if not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
            raise ec2_error("InvalidParameter", "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true.")
        others = [other for other in backend.vpc_end_points.values() if other.vpc_id == vpc.id and other.service_name == endpoint.service_name and other is not endpoint]
        if any(other.private_dns_enabled for other in others):
            message = f"private-dns-enabled cannot be set because there is already a conflicting DNS domain for {endpoint.service_name} in the VPC {vpc.id}"
            raise ec2_error("InvalidParameter", message)
        if options["PrivateDnsOnlyForInboundResolverEndpoint"] and not any(other.vpc_endpoint_type == "Gateway" for other in others):
            raise ec2_error("InvalidParameter", "PrivateDnsOnlyForInboundResolverEndpoint requires a gateway endpoint to the service in the VPC.")
    elif options["PrivateDnsOnlyForInboundResolverEndpoint"]:
        raise ec2_error("InvalidParameter", "PrivateDnsOnlyForInboundResolverEndpoint requires private DNS.")
    endpoint.ip_address_type, endpoint.dns_options = family, options
