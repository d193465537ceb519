import { describe, expect, it } from 'vitest';
// The built one: the server is a process of the built code.
import { startEmbedded } from '../../dist/targets/embedded.js';
import type { EmbeddedMode } from '../../src/scenario/plan.js';
import { childrenOf } from '../support/processes.js';

const start = (mode: string) => startEmbedded({ kind: 'embedded', mode: mode as EmbeddedMode, faults: [] }, 1);

describe.skipIf(process.platform !== 'linux')('the embedded server', () => {
  it('that cannot start leaves no process behind', async () => {
    await expect(start('nonesuch')).rejects.toThrow(/^the embedded server did not start: /);
    expect(childrenOf(process.pid)).toEqual([]);
  });

  it('is gone with its watchdog once it is stopped', async () => {
    const server = await start('echo');
    expect(childrenOf(process.pid)).toHaveLength(2);
    expect(await server.stop()).toMatchObject({ mode: 'echo', sessions: { accepted: 0 } });
    expect(childrenOf(process.pid)).toEqual([]);
  });
});
