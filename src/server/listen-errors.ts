import { type CoreError, type EndPoint, longestSocketPath } from '../core/index.js';
import { SwarmError } from '../errors.js';

/** Why the server cannot listen at `endPoint`, in words for its user, with the cure. */
export function listenError(error: CoreError, endPoint: EndPoint): SwarmError {
  return endPoint.path === undefined
    ? portError(error, endPoint.host, endPoint.port)
    : socketError(error, endPoint.path);
}

function portError(error: CoreError, host: string, port: number): SwarmError {
  const { code } = error;
  switch (code) {
    case 'EADDRINUSE':
      return new SwarmError('port-in-use', `Port ${port} of ${host} is in use.`, {
        hint: 'Stop what listens there, or choose another port; with port 0 the system chooses a free one.',
        cause: error,
      });
    case 'EACCES':
      return new SwarmError('port-forbidden', `Port ${port} of ${host} may not be used by this user.`, {
        hint: 'Choose a port above 1023.',
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new SwarmError('host-unknown', `${host} is not an address of this machine (${code}).`, {
        hint: 'Listen on 127.0.0.1 for this machine alone, or on 0.0.0.0 for all its networks.',
        cause: error,
      });
    default:
      return new SwarmError('listen-failed', `The server cannot listen on ${host}, port ${port}: ${error.message}.`, {
        cause: error,
      });
  }
}

function socketError(error: CoreError, path: string): SwarmError {
  switch (error.code) {
    case 'EADDRINUSE':
      return new SwarmError('socket-in-use', `The socket ${path} is in use: a server answers there.`, {
        hint: 'Stop that server, or choose another path.',
        cause: error,
      });
    // libuv says the one where the system says ENOENT, too.
    case 'EACCES':
      return new SwarmError('socket-forbidden', `The socket ${path} cannot be made.`, {
        hint: 'Its folder does not exist, or this user may not write there.',
        cause: error,
      });
    case 'not-a-socket':
      return new SwarmError('socket-invalid', `${path} is there already, and is no socket.`, {
        hint: 'Choose a path where there is no file yet.',
        cause: error,
      });
    case 'path-too-long':
      return new SwarmError('socket-invalid', `The path ${path} is too long for a socket.`, {
        hint: `At most ${longestSocketPath} bytes are allowed: choose one nearer to the root.`,
        cause: error,
      });
    default:
      return new SwarmError('listen-failed', `The server cannot listen on ${path}: ${error.message}.`, {
        cause: error,
      });
  }
}
