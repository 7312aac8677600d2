/**
 * An object's name as it stands in a command that people paste. Some names are chosen in the source (a key pair's, a placement group's), by
 * whoever has its keys: what a shell, or a list with commas, would read otherwise is written as %XX.
 */
export function typedName(name: string): string {
  return name.replace(/[^\w./:=@+*-]/gu, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`)
      .join(''),
  );
}

/** The name that was typed so; one that is no such text is itself. */
export function nameTyped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
