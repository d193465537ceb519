import type { Socket } from 'node:net';

/** The connections of a TLS server that still shake hands: Node tells of a connection when it comes, and of another socket when it is secure. */
export class Handshakes {
  readonly #connections = new Set<Socket>();

  /** A connection has come. */
  begin(connection: Socket): void {
    this.#connections.add(connection);
    connection.once('close', () => this.#connections.delete(connection));
  }

  /** One has become secure, as this TLS socket. */
  complete(socket: Socket): void {
    const connection = connectionBelow(socket);
    if (connection) this.#connections.delete(connection);
  }

  /** Closes those that are under way. */
  cut(): void {
    for (const connection of this.#connections) connection.destroy();
  }
}

/** Node has no public name for it; what is no TLS socket has none below. */
function connectionBelow(socket: Socket & { readonly _parent?: Socket | null }): Socket | null | undefined {
  return socket._parent;
}
