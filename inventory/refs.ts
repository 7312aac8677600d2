/** A reference to a planned resource, standing in another's arguments until Pulumi knows the value. */
export class Ref {
  /**
   * @param name the resource's name in the plan
   * @param property the output that is referred to
   * @param moved an IPv6 range of the source, and the assigned range that it lies in; the output is the range that it is moved to
   */
  constructor(
    readonly name: string,
    readonly property: string = 'id',
    readonly moved?: { readonly cidr: string; readonly from: string },
  ) {}
}

/** A value that reaches neither a terminal nor plain state. */
export class Secret {
  constructor(readonly value: string) {}
}
