/** A word of a command, as a shell takes it for what it is. */
export function quoted(word: string): string {
  return /^[\w=,.…:/@+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
