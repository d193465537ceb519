import { openSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { descriptorShortage } from '../../src/core/descriptors.js';
import { Connector, Listener } from '../../src/core/index.js';
import { RecordingSession } from './recording-session.js';

vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  return { ...fs, openSync: vi.fn(fs.openSync) };
});

afterEach(() => {
  vi.mocked(openSync).mockClear();
});

function failOnce(code: string): void {
  vi.mocked(openSync).mockImplementationOnce(() => {
    throw Object.assign(new Error('it cannot be opened'), { code });
  });
}

it.each(['EMFILE', 'ENFILE'])('%s is a shortage: of the process, or of the system', (code) => {
  failOnce(code);
  expect(descriptorShortage()).toMatchObject({ code, cause: { code } });
});

it('any other failure is none', () => {
  failOnce('EACCES');
  expect(descriptorShortage()).toBeUndefined();
  expect(descriptorShortage()).toBeUndefined();
});

it('a fault of the original, 11: an accept without descriptors left is reported, and accepting goes on', async () => {
  const errors: string[] = [];
  const listener = new Listener();
  const endPoint = await listener.listen({ host: '127.0.0.1', port: 0 }, () => new RecordingSession(), {
    onAcceptError: (error) => errors.push(error.code),
  });
  failOnce('EMFILE');
  const echo = { onConnected: (session: RecordingSession) => session.end() };
  for (let i = 0; i < 2; i++) {
    const client = await new Connector().connect(endPoint, () => new RecordingSession(echo));
    await client.disconnected();
  }
  await listener.close();
  expect(errors).toEqual(['EMFILE']);
});
