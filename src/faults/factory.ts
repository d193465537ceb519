import type { Client } from '../client/client.js';
import type { FaultsFactory } from '../client/client-session.js';
import type { Clock } from '../core/index.js';
import { RandomStream } from '../load/random.js';
import type { Plan } from '../scenario/plan.js';
import type { FaultyClient } from './faulty-client.js';
import { FaultyConnection } from './faulty-connection.js';
import { FaultyKind } from './faulty-kind.js';
import { PacketPlayer } from './packet-player.js';

/**
 * Plays the faults of a plan's kinds. What a client does wrong follows from the plan's seed, the client's number and what it sends: each
 * fault has a stream of its own, which goes on from one connection of the client to the next.
 */
export function faultsFactory({ seed, protocol }: Pick<Plan, 'seed' | 'protocol'>, clock: Clock): FaultsFactory {
  return ({ plan }, { recorder }) => {
    const kind = new FaultyKind(plan.name, plan.faults, protocol, recorder);
    const known = new WeakMap<Client, FaultyClient>();
    return (client, transport) => {
      const faulty = known.get(client) ?? faultyClient(client, kind, seed, clock);
      known.set(client, faulty);
      return new FaultyConnection(faulty, transport);
    };
  };
}

function faultyClient(client: Client, kind: FaultyKind, seed: number, clock: Clock): FaultyClient {
  const { plan, meters } = client.kind;
  const randoms = plan.faults.map((_, i) => RandomStream.of(seed, 'fault', client.index, i));
  return {
    kind,
    randoms,
    packets: new PacketPlayer(kind, randoms),
    clock,
    nowMs: () => client.host.nowUs() / 1000,
    onWritten(bytes) {
      meters.dataSent.add(bytes);
      meters.sendBytes.record(bytes);
    },
    fail: (fault) => client.fail('fault', `the fault ${fault} ended the connection`),
  };
}
