const SIGNS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** What moves the text around it, or is no character of XML at all. */
const CONTROL = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/gu;

/** Text as it may stand in HTML and SVG, in an attribute too. Names are the source's, and say what they like. Pure. */
export function escaped(text: string): string {
  return text.replace(CONTROL, '?').replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? '');
}
