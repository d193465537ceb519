import { expect, test } from 'vitest';
import { preferredFormat } from '../../src/export/accept.js';

test.each([
  [undefined, 'text'],
  ['*/*', 'text'],
  ['text/plain', 'text'],
  ['application/openmetrics-text', 'openmetrics'],
  ['application/openmetrics-text;q=0', 'text'],
  ['text/plain;version=0.0.4;q=0.5, application/openmetrics-text; version=1.0.0', 'openmetrics'],
  ['text/plain, application/openmetrics-text;q=0.9', 'text'],
  // What Prometheus 2.42 sends.
  [
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    'openmetrics',
  ],
])('Accept: %s gets %s', (accept, format) => {
  expect(preferredFormat(accept)).toBe(format);
});
