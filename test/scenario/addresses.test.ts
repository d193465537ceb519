import { expect, it } from 'vitest';
import { parseAddresses } from '../../src/scenario/addresses.js';

it.each([
  ['127.0.0.1', ['127.0.0.1']],
  ['::1', ['::1']],
  ['127.0.0.254-127.0.1.1', ['127.0.0.254', '127.0.0.255', '127.0.1.0', '127.0.1.1']],
  ['127.0.1.9/30', ['127.0.1.9', '127.0.1.10']],
  ['127.0.1.8/31', ['127.0.1.8', '127.0.1.9']],
])('%s stands for %j', (text, addresses) => {
  expect(parseAddresses(text)).toEqual(addresses);
});

it.each([
  ['localhost', 'is not an IP address'],
  ['127.0.0.9-127.0.0.1', 'ends before it begins'],
  ['127.0.0.1-x', 'is not an IP address'],
  ['127.0.0.1-127.0.0.300', 'is not a range'],
  ['127.0.0.0/8', '256 are the most'],
  ['127.0.0.0/33', 'is not a network'],
])('%s is refused: it %s', (text, message) => {
  expect(() => parseAddresses(text)).toThrow(message);
});
