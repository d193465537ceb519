import { describe, expect, test } from 'vitest';
import { parseThreshold, ThresholdError } from '../../src/metrics/thresholds.js';

function errorOf(selector: string, expression: string): ThresholdError {
  try {
    parseThreshold(selector, expression);
  } catch (error) {
    if (error instanceof ThresholdError) return error;
  }
  throw new Error(`${selector} ${expression} was taken`);
}

describe('a threshold', () => {
  test('is parsed into plain data', () => {
    expect(parseThreshold('response_time{packet:C_Login}', 'p(99)<100')).toEqual({
      metric: 'response_time',
      tags: { packet: 'C_Login' },
      source: 'p(99)<100',
      aggregation: { kind: 'percentile', percentile: 99 },
      operator: '<',
      limit: 100,
      abortOnFail: false,
      delayAbortEvalMs: 0,
    });
  });

  test('keeps when it is to end the run', () => {
    const threshold = parseThreshold('errors', 'rate<0.001', { abortOnFail: true, delayAbortEvalMs: 10_000 });
    expect(threshold).toMatchObject({ abortOnFail: true, delayAbortEvalMs: 10_000 });
  });

  test.each([
    ['timeouts', 'count==0', { kind: 'count' }, '==', 0],
    ['timeouts', 'count>=100', { kind: 'count' }, '>=', 100],
    ['checks', 'rate==1', { kind: 'rate' }, '==', 1],
    ['connect_time', 'p(99.99)<200.5', { kind: 'percentile', percentile: 99.99 }, '<', 200.5],
    ['connect_time', '\tp(95)\n<\t1', { kind: 'percentile', percentile: 95 }, '<', 1],
    ['packets_sent', 'rate >= 1e3', { kind: 'rate' }, '>=', 1000],
    ['clients', 'value>999', { kind: 'value' }, '>', 999],
    ['errors', 'rate===0', { kind: 'rate' }, '==', 0],
    ['checks', '  rate  >  .99  ', { kind: 'rate' }, '>', 0.99],
    ['connect_time', 'avg!=-1.5', { kind: 'avg' }, '!=', -1.5],
    ['connect_time', 'min<=1', { kind: 'min' }, '<=', 1],
    ['connect_time', 'med<1', { kind: 'med' }, '<', 1],
    ['connect_time', 'max<1', { kind: 'max' }, '<', 1],
    ['connect_time', 'p( 99.9 ) < 1', { kind: 'percentile', percentile: 99.9 }, '<', 1],
    ['connect_time', 'p(0)<1', { kind: 'percentile', percentile: 0 }, '<', 1],
    ['connect_time', 'p(100)<1', { kind: 'percentile', percentile: 100 }, '<', 1],
  ])('of %s may say %s', (selector, expression, aggregation, operator, limit) => {
    expect(parseThreshold(selector, expression)).toMatchObject({ aggregation, operator, limit, source: expression });
  });

  test.each([
    [' response_time ', {}],
    ['response_time{packet:C_Chat,client:talker}', { packet: 'C_Chat', client: 'talker' }],
    ['response_time { packet : C_Chat , step : talker.start[0] } ', { packet: 'C_Chat', step: 'talker.start[0]' }],
    ['response_time{packet:SET key 1}', { packet: 'SET key 1' }],
    ['response_time{packet:"MSET a{1}, b"}', { packet: 'MSET a{1}, b' }],
    ["response_time{packet:'a:b'}", { packet: 'a:b' }],
    ['response_time{packet:a:b}', { packet: 'a:b' }],
    [`response_time{"packet": C_Chat, 'client': talker}`, { packet: 'C_Chat', client: 'talker' }],
    ['response_time{packet:"PING ${send.index}"}', { packet: 'PING ${send.index}' }],
    [String.raw`response_time{packet:"say \"a, b\" \\ \d"}`, { packet: String.raw`say "a, b" \ \d` }],
    [String.raw`response_time{packet:'{"type":"a\b"}'}`, { packet: String.raw`{"type":"a\b"}` }],
  ])('selects by the tags of %j', (selector, tags) => {
    expect(parseThreshold(selector, 'avg<1').tags).toEqual(tags);
  });

  test.each([
    ['respons_time', 'there is no metric `respons_time`', 'did you mean `response_time`?', 0, 12],
    [' constructor', 'there is no metric `constructor`', '`swarm metrics` lists all there are', 1, 11],
    [
      'http_req_duration',
      'there is no metric `http_req_duration`',
      'that is `response_time` or `service_time` here; ',
      0,
      17,
    ],
    [
      'lost_packets',
      'there is no metric `lost_packets`',
      'there is `packets_sent` or `packets_received` or `lost_replies`; ',
      0,
      12,
    ],
    ['', 'there is no metric ``', '`swarm metrics` lists all there are', 0, 0],
    ['response_time{paket:x}', '`response_time` does not carry the tag `paket`', 'did you mean `packet`?', 14, 5],
    ['send_lag{ cause:x}', '`send_lag` does not carry the tag `cause`', 'its tags are `client`, `step`', 10, 5],
    ['clients{client:x}', '`clients` does not carry the tag `client`', 'it carries no tags', 8, 6],
    ['timeouts{client:a, client:b}', 'the tag `client` is given twice', 'one series has one value for it', 19, 6],
    ['timeouts{client:}', 'the tag `client` has no value', 'write `client:value`', 9, 6],
    ['timeouts{client}', 'this is no tag selector', 'write `metric{tag:value}`', 9, 7],
    ['timeouts{}', 'this is no tag selector', 'write `metric{tag:value}`', 9, 1],
    ['timeouts{client:a', 'this is no tag selector', 'write `metric{tag:value}`', 9, 8],
    ['timeouts{client:a,}', 'this is no tag selector', 'write `metric{tag:value}`', 18, 1],
    ['timeouts{client:a} b', 'nothing may follow the closing brace', 'remove it', 18, 2],
    [
      'timeouts{packet:PING ${send.index}}',
      'nothing may follow the closing brace',
      'a value with a brace in it stands in quotes: `packet:"PING ${send.index}"`',
      34,
      1,
    ],
    ['timeouts{client:a}}', 'nothing may follow the closing brace', 'remove it', 18, 1],
    ['timeouts{packet:"a, b"', 'the closing brace is missing', 'write it here: }', 21, 1],
    ['timeouts{packet:"a, b}', 'this quote is never closed', 'close it with "', 16, 6],
    [
      'timeouts{packet:"say "a", b"}',
      'the value ends at this quote, and more follows',
      String.raw`write \" for a quote within the value`,
      21,
      1,
    ],
    ["timeouts{packet:'it's, b'}", 'the value ends at this quote, and more follows', 'in double quotes', 19, 1],
  ])('points at the mistake in the selector %j', (selector, message, hint, offset, length) => {
    const error = errorOf(selector, 'count<1');
    expect(error).toMatchObject({ code: 'threshold-invalid', part: 'selector', message, offset, length });
    expect(error.hint).toContain(hint);
  });

  test.each([
    ['response_time', 'p(99)', 'there is no comparison', /as in `p\(95\)<200`$/, 0, 5],
    ['errors', '', 'there is no comparison', /as in `rate<0.01`$/, 0, 0],
    ['response_time', 'p99<100', '`response_time`, a trend, has no `p99`', 'did you mean `p(99)`?', 0, 3],
    ['response_time', ' agv<100', '`response_time`, a trend, has no `agv`', 'did you mean `avg`?', 1, 3],
    ['response_time', 'p(101)<1', 'a percentile is a number from 0 to 100', 'write it as in `p(99.9)`', 0, 6],
    ['response_time', 'p(-1)<1', 'a percentile is a number from 0 to 100', 'write it as in `p(99.9)`', 0, 5],
    ['response_time', 'p()<1', 'a percentile is a number from 0 to 100', 'write it as in `p(99.9)`', 0, 3],
    ['timeouts', 'p(99)<1', '`timeouts`, a counter, has no `p(99)`', 'a counter has `count`, `rate`', 0, 5],
    ['errors', 'count<1', '`errors`, a rate, has no `count`', 'a rate has `rate`', 0, 5],
    ['errors', '<1', 'the aggregation is missing', 'a rate has `rate`', 0, 1],
    ['errors', 'rate = 1', 'there is no operator `=`', /^the operators are `<`, `<=`, /, 5, 1],
    ['errors', 'rate!==1', 'there is no operator `!==`', /`!=`$/, 4, 3],
    ['errors', 'rate<', 'the number is missing', /a share from 0 to 1$/, 5, 1],
    ['errors', 'rate< 1 %', '`1 %` is not a number', 'write it as a share: `0.01`', 6, 3],
    ['response_time', 'avg<100ms', '`100ms` is not a number', /the unit of `response_time` is milliseconds$/, 4, 5],
    ['data_sent', 'count<1<2', '`1<2` is not a number', /the unit of `data_sent` is bytes$/, 6, 3],
  ])('of %s points at the mistake in %j', (selector, expression, message, hint, offset, length) => {
    const error = errorOf(selector, expression);
    expect(error).toMatchObject({ code: 'threshold-invalid', part: 'expression', message, offset, length });
    expect(error.hint).toMatch(hint);
  });
});
