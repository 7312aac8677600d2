/** A host that a text leads its readers to. Those of AWS's own console are left out: they are the same for everybody. */
const LINK = /\bhttps?:\/\/(?:[^\s/@"'<>()\]]*@)?([a-z0-9.-]+)/gi;
const CONSOLE = /(^|\.)(console\.)?aws\.amazon\.com$/i;

/** The hosts of a text's links, each once, in order. Pure. */
export function linkedHosts(text: string): string[] {
  const hosts = [...text.matchAll(LINK)].map(([, host = '']) => host.toLowerCase());
  return [...new Set(hosts)].filter((host) => !CONSOLE.test(host)).sort();
}

/**
 * What a text has come to lead its readers to, in words; undefined where it leads to nothing new. In a recovery people are in a hurry, and believe
 * what stands in their own console. Pure.
 */
export function newLinks(text: string, former: string): string | undefined {
  const known = linkedHosts(former);
  const more = linkedHosts(text).filter((host) => !known.includes(host));
  return more.length > 0 ? `links to ${more.join(', ')} now` : undefined;
}
