let lastBytes = 0;

/** How much memory this process holds, in bytes. Where no file can be opened to ask (`EMFILE`), as much as it was when asked before. */
export function residentBytes(): number {
  try {
    lastBytes = process.memoryUsage.rss();
  } catch {
    // Not worth the life of who asks.
  }
  return lastBytes;
}
