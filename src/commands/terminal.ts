/** NO_COLOR (no-color.org) and FORCE_COLOR decide before the terminal does. */
export function hasColor(stream: NodeJS.WriteStream): boolean {
  if (process.env.NO_COLOR) return false;
  if (process.env.FORCE_COLOR) return process.env.FORCE_COLOR !== '0';
  return stream.isTTY === true;
}
