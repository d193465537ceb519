/** So improbable must it be that chance alone put so many into the later time. */
const level = 0.05;

/**
 * Whether something that happened `before` times in `roomBefore` (attempts, or a duration) and `during` times in `room` happens more often now:
 * were it as frequent as ever, each case would fall into the later time with the probability room ÷ (room + roomBefore), and that
 * so many of them do would be improbable (the exact conditional test of two Poisson rates).
 */
export function isMoreThanBefore(before: number, roomBefore: number, during: number, room: number): boolean {
  if (during === 0 || roomBefore <= 0 || room <= 0) return false;
  return upperTail(before + during, during, room / (room + roomBefore)) < level;
}

/** The probability of at least `least` of `cases` where each comes with `probability`; summed as logarithms, which do not underflow. */
function upperTail(cases: number, least: number, probability: number): number {
  let logTerm = cases * Math.log(1 - probability);
  let below = 0;
  for (let k = 0; k < least; k++) {
    below += Math.exp(logTerm);
    logTerm += Math.log((cases - k) / (k + 1)) + Math.log(probability / (1 - probability));
  }
  return Math.max(0, 1 - below);
}
