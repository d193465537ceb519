const takeAny = 'take any certificate with tls.insecure: true';
const trust = `name the certificate of its authority in tls.ca, or ${takeAny}`;
const complete = `name its authority in tls.ca, with all that stand between them and that the server does not send, or ${takeAny}`;
const identify =
  'the server wants to know its clients: name a certificate that it trusts in tls.cert, and its key in tls.key';
const plain = 'the server may not speak TLS on this port: try a target of tcp://';

/** What helps against a connection that did not come about, in the scenario's terms, by the code of the system, of OpenSSL or of Node. */
const cures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: is the server running, on this port or path?',
  ECONNRESET:
    'the server hung up before the connection stood; with tls:// it may not speak TLS there, or not trust tls.cert',
  ETIMEDOUT: 'the server did not accept in time: its backlog is full, or load.connectTimeout too short',
  EADDRNOTAVAIL:
    'no port is free to connect from, as each rests for a minute after its connection, or the address is not this machine’s: see load.localAddresses',
  EMFILE: 'this process has no file descriptor left: raise `ulimit -n`, or use more --workers',
  ENFILE: 'this system has no file descriptor left: raise fs.file-max, or use fewer clients',
  ENETUNREACH: 'no route leads there',
  EHOSTUNREACH: 'no route leads there',
  // Of Unix sockets.
  ENOENT: 'no socket has this path: is the server running, and is this its path?',
  EACCES: 'this user may not connect to that socket',
  EAGAIN: 'the backlog of that socket is full: the server accepts too slowly, or use a lower load.connectRate',
  // Of the server's certificate.
  DEPTH_ZERO_SELF_SIGNED_CERT: `name it in tls.ca, or ${takeAny}`,
  SELF_SIGNED_CERT_IN_CHAIN: trust,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: complete,
  UNABLE_TO_GET_ISSUER_CERT: complete,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: complete,
  CERT_SIGNATURE_FAILURE: `its authority has the name of one in tls.ca, but did not sign it: name the right one, or ${takeAny}`,
  CERT_HAS_EXPIRED: `renew the certificate of the server, or ${takeAny}`,
  CERT_NOT_YET_VALID: `look at the clocks of both machines, or ${takeAny}`,
  INVALID_PURPOSE: `the server has a certificate that is not for servers: give it one that is, or ${takeAny}`,
  ERR_TLS_CERT_ALTNAME_INVALID: `name the server as its certificate does in tls.serverName, or ${takeAny}`,
  // What the server says of ours, or of our handshake.
  ALERT_CERTIFICATE_REQUIRED: identify,
  ALERT_HANDSHAKE_FAILURE: identify,
  ALERT_UNKNOWN_CA: identify,
  ALERT_CERTIFICATE_EXPIRED: 'renew the certificate of tls.cert',
  ALERT_PROTOCOL_VERSION: 'the server speaks only versions of TLS that are older than 1.2',
  // What comes back is not TLS, or nothing.
  ERR_SSL_WRONG_VERSION_NUMBER: plain,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: plain,
  ERR_SSL_DATA_LENGTH_TOO_LONG: plain,
  ERR_SSL_UNEXPECTED_MESSAGE: plain,
  'handshake-timeout': `${plain}; or load.connectTimeout is too short`,
};

/** OpenSSL names an alert after the version of TLS that brought it, and later versions of OpenSSL after all of them. */
const alertOfAnyVersion = /^ERR_SSL_.*(?=ALERT_)/;

/** `message`, and behind it what helps, where that is known for `code`. */
export function withCure(code: string | undefined, message: string): string {
  const cure = code === undefined ? undefined : cures[code.replace(alertOfAnyVersion, '')];
  return cure === undefined ? message : `${message} (${cure})`;
}
