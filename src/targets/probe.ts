import { Connector, type CoreError, type EndPoint, Session } from '../core/index.js';

/** How long an address may take to answer before it counts as one that does not. */
const probeTimeoutMs = 2_000;

/** Is connected, and has seen enough. */
export class Probe extends Session {
  protected override onConnected(): void {
    this.disconnect();
  }

  protected override onRecv(): number {
    return 0;
  }

  protected override onDisconnected(): void {}
}

/** The code that a connect fails with; null where it succeeds. */
export async function probe(endPoint: EndPoint): Promise<string | null> {
  try {
    await new Connector().connect(endPoint, () => new Probe(), { timeoutMs: probeTimeoutMs });
    return null;
  } catch (error) {
    return (error as CoreError).code;
  }
}
