import { type ConnectHandler, CoreError, type ListenHandler, type Network } from '../../../src/core/index.js';
import type { RandomStream } from '../../../src/load/random.js';
import { Connection, type Wires } from './connection.js';
import type { Process } from './schedule.js';
import { type Climate, drawWeather, type Weather } from './weather.js';

interface Listening {
  readonly process: Process;
  readonly handler: ListenHandler;
}

/** The network of a world: one server may listen, and any process may connect to it. */
export class SimNetwork {
  readonly #wires: Wires;
  readonly #random: RandomStream;
  readonly #climate: Climate;
  #listening: Listening | null = null;
  #connects = 0;

  constructor(wires: Wires, random: RandomStream, climate: Climate) {
    this.#wires = wires;
    this.#random = random;
    this.#climate = climate;
  }

  /** The network as `process` sees it. */
  seenBy(process: Process): Network {
    return {
      connect: (_endPoint, _options, handler) => this.#connect(process, handler),
      listen: (endPoint, _options, handler) => {
        const listening = { process, handler };
        this.#listening = listening;
        process.post('listening', () => handler.onListening(endPoint));
        return {
          close: () => {
            if (this.#listening === listening) this.#listening = null;
          },
        };
      },
    };
  }

  #connect(process: Process, handler: ConnectHandler): { cancel(): void } {
    const number = ++this.#connects;
    const weather = drawWeather(this.#random, this.#climate);
    const attempt = new Attempt(process, handler);
    if (weather.connect === 'unanswered') return attempt;
    const { schedule } = this.#wires;
    schedule.add(this.#delayUs(weather), `connect ${number} arrives`, () => {
      const listening = this.#listening;
      if (weather.connect === 'refused' || listening === null) {
        attempt.refuse(this.#delayUs(weather));
        return;
      }
      if (this.#climate === 'rough' && this.#random.next() < 0.02) {
        listening.process.post('accept fails', () => {
          listening.handler.onError(new CoreError('EMFILE', 'accept EMFILE'));
        });
      }
      const ends = { client: process, server: listening.process };
      const connection = new Connection(this.#wires, number, this.#random, weather, ends);
      // A fate may be to break before the first byte.
      connection.onRead(0);
      // The system completes the connection; when the server accepts it is another matter.
      const accept = (): void => {
        // Who stops listening resets those that it has not accepted.
        if (this.#listening === listening) listening.handler.onAccepted(connection.server);
        else connection.server.destroy(true);
      };
      listening.process.post(`accept ${number}`, accept, this.#delayUs(weather));
      attempt.complete(connection, this.#delayUs(weather));
    });
    return attempt;
  }

  #delayUs({ delayUs, jitterUs }: Weather): number {
    return delayUs + this.#random.int(0, jitterUs);
  }
}

/** A connect under way, in the process that makes it. */
class Attempt {
  readonly #process: Process;
  readonly #handler: ConnectHandler;
  #connection: Connection | null = null;
  #over = false;

  constructor(process: Process, handler: ConnectHandler) {
    this.#process = process;
    this.#handler = handler;
  }

  complete(connection: Connection, afterUs: number): void {
    this.#connection = connection;
    if (this.#over) connection.client.destroy();
    else this.#settle('connected', afterUs, () => this.#handler.onConnected(connection.client));
  }

  refuse(afterUs: number): void {
    this.#settle('refused', afterUs, () => {
      this.#handler.onFailed(new CoreError('ECONNREFUSED', 'connect ECONNREFUSED'));
    });
  }

  cancel(): void {
    this.#over = true;
    this.#connection?.client.destroy();
  }

  #settle(label: string, afterUs: number, report: () => void): void {
    this.#process.post(
      label,
      () => {
        if (this.#over) return;
        this.#over = true;
        report();
      },
      afterUs,
    );
  }
}
