/** What a user can do about a connection that did not come about, by the system's code. */
const cures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: is the server running, on this port?',
  ECONNRESET: 'the server hung up before the connection stood',
  ETIMEDOUT: 'the server did not accept in time: a full backlog, or a load.connectTimeout that is too short',
  EADDRNOTAVAIL: 'the address is not this machine’s, or has no free port: see load.localAddresses',
  EMFILE: 'this process has no file descriptor left: raise `ulimit -n`, or use more --workers',
  ENETUNREACH: 'no route leads there',
  EHOSTUNREACH: 'no route leads there',
};

/** The system's message, and the cure where there is one. */
export function withCure(code: string, message: string): string {
  const cure = cures[code];
  return cure === undefined ? message : `${message}: ${cure}`;
}
