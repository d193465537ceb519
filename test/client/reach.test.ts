import { describe, expect, it } from 'vitest';
import { bucketUs, type Member, ReachBook } from '../../src/client/reach.js';
import type { ReachRow } from '../../src/metrics/snapshot.js';

const ms = 1000;

function newBook(): ReachBook {
  return new ReachBook({ packet: 'S_Chat', guardUs: 500 * ms, timeoutUs: 1000 * ms, phaseAt: () => 1 });
}

/** Lets the time of a book pass and gives the row of bucket `bucket`, which must have closed by then. */
function closed(book: ReachBook, bucket: number, nowUs: number): ReachRow | undefined {
  const rows: ReachRow[] = [];
  book.advance(nowUs, (row) => rows.push(row));
  return rows.find((row) => row.bucket === bucket);
}

/** A bucket long after the start, and a time in its middle. */
const bucket = 50;
const sentUs = bucket * bucketUs + 50 * ms;
const laterUs = sentUs + 5000 * ms;

describe('who is expected to hear a broadcast', () => {
  it.each([
    ['came before the guard', 0, null, 1],
    ['came just before the guard', bucket * bucketUs - 500 * ms, null, 1],
    ['came within the guard', bucket * bucketUs - 499 * ms, null, 0],
    ['came after it was sent', sentUs + 1, null, 0],
    ['left before it was sent', 0, sentUs - 1, 0],
    ['left within the guard', 0, (bucket + 1) * bucketUs + 499 * ms, 0],
    ['left just after the guard', 0, (bucket + 1) * bucketUs + 500 * ms, 1],
  ])('who %s', (_who, joinUs, leaveUs, eligible) => {
    const book = newBook();
    const witness = book.join(0);
    const member = book.join(joinUs);
    book.onSend(sentUs, witness, true);
    book.onCopy(sentUs, witness);
    if (leaveUs === null || leaveUs > sentUs) book.onCopy(sentUs, member);
    if (leaveUs !== null) book.leave(member, leaveUs);
    expect(closed(book, bucket, laterUs)).toMatchObject({ sends: 1, eligible: 1 + eligible, copies: 1 + eligible });
  });

  it('copies that come twice are counted twice, and so show', () => {
    const book = newBook();
    const member = book.join(0);
    book.onSend(sentUs, member, true);
    book.onCopy(sentUs, member);
    book.onCopy(sentUs, member);
    expect(closed(book, bucket, laterUs)).toMatchObject({ sends: 1, eligible: 1, copies: 2 });
  });

  it('a copy that comes after its bucket closed is told, and not counted', () => {
    const book = newBook();
    const member = book.join(0);
    book.onSend(sentUs, member, true);
    expect(closed(book, bucket, laterUs)).toMatchObject({ copies: 0 });
    expect(book.onCopy(sentUs, member)).toBe(false);
  });

  it('does not mix buckets that share a place in the ring', () => {
    const book = newBook();
    const member: Member = book.join(0);
    for (let at = 50; at < 500; at++) {
      const nowUs = at * bucketUs;
      book.onSend(nowUs, member, true);
      if (at % 10 !== 0) book.onCopy(nowUs, member);
      const row = closed(book, at - 16, nowUs);
      if (at >= 66) expect(row).toMatchObject({ sends: 1, eligible: 1, copies: (at - 16) % 10 === 0 ? 0 : 1 });
    }
  });
});
