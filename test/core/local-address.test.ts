import { expect, it } from 'vitest';
import { localAddressFailure } from '../../src/core/local-address.js';

it.each(['127.0.0.1', '0.0.0.0'])('%s is one to connect from', async (address) => {
  expect(await localAddressFailure(address)).toBeNull();
});

// Addresses of documents: nobody has them.
it.each(['192.0.2.1', '2001:db8::1'])('%s is not, and the system says why', async (address) => {
  expect(await localAddressFailure(address)).toMatch(/^(EADDRNOTAVAIL|EAFNOSUPPORT)$/);
});

it('many that are asked for at once do not meet each other', async () => {
  const failures = await Promise.all(Array.from({ length: 50 }, () => localAddressFailure('127.0.0.1')));
  expect(new Set(failures)).toEqual(new Set([null]));
});
