/** How a scenario writes raw bytes: `{ hex: '0a 0b' }`, `{ base64: 'Cgs=' }` or `{ text: 'in UTF-8' }`. */
export const bytesHint = "write { hex: '0a 0b' }, { base64: 'Cgs=' } or { text: 'in UTF-8' }";

/** The bytes that a mapping stands for; where it stands for none, why, as a sentence without a full stop. */
export function readBytes(input: Readonly<Record<string, unknown>>): Uint8Array | string {
  const [[key, text] = ['', undefined], ...others] = Object.entries(input);
  if (others.length > 0 || typeof text !== 'string') return 'bytes are one text: in hexadecimal, base64 or UTF-8';
  switch (key) {
    case 'hex': {
      const digits = text.replace(/\s/g, '');
      if (/^([0-9a-f]{2})*$/i.test(digits)) return Uint8Array.from(Buffer.from(digits, 'hex'));
      return 'hexadecimal has two digits (0-9, a-f) for each byte';
    }
    case 'base64': {
      const digits = text.replace(/\s/g, '');
      if (/^[A-Za-z0-9+/]*={0,2}$/.test(digits) && digits.length % 4 === 0)
        return Uint8Array.from(Buffer.from(digits, 'base64'));
      return 'base64 has four characters (A-Z, a-z, 0-9, +, /, and = at the end) for each three bytes';
    }
    case 'text':
      return new TextEncoder().encode(text);
    default:
      return `bytes have no \`${key}\``;
  }
}
