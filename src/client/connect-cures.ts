const trust = 'name the certificate of its authority in tls.ca, or take any with tls.insecure: true';
const identify =
  'the server wants to know its clients: name a certificate that it trusts in tls.cert, and its key in tls.key';
const plain = 'the server may not speak TLS on this port: try a target of tcp://';

/** What helps against a connection that did not come about, in the scenario's terms, by the code of the system, of OpenSSL or of Node. */
const cures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: is the server running, on this port?',
  ECONNRESET: 'the server hung up before the connection stood',
  ETIMEDOUT: 'the server did not accept in time: its backlog is full, or load.connectTimeout too short',
  EADDRNOTAVAIL: 'the address is not this machine’s, or has no free port: see load.localAddresses',
  EMFILE: 'this process has no file descriptor left: raise `ulimit -n`, or use more --workers',
  ENETUNREACH: 'no route leads there',
  EHOSTUNREACH: 'no route leads there',
  DEPTH_ZERO_SELF_SIGNED_CERT: trust,
  SELF_SIGNED_CERT_IN_CHAIN: trust,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: trust,
  UNABLE_TO_GET_ISSUER_CERT: trust,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: trust,
  CERT_SIGNATURE_FAILURE: trust,
  CERT_HAS_EXPIRED: 'renew the certificate of the server, or take any with tls.insecure: true',
  CERT_NOT_YET_VALID: 'look at the clocks of both machines, or take any certificate with tls.insecure: true',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'name the server as its certificate does in tls.serverName, or take any certificate with tls.insecure: true',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: identify,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: identify,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: identify,
  ERR_SSL_WRONG_VERSION_NUMBER: plain,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: plain,
};

/** `message`, and behind it what helps, where that is known for `code`. */
export function withCure(code: string | undefined, message: string): string {
  const cure = code === undefined ? undefined : cures[code];
  return cure === undefined ? message : `${message} (${cure})`;
}
