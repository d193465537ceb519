/**
 * How many pairs of rounds `--until-decided` looks at, and the level of each look: four looks at this level are wrong no more often, on the
 * side of "worse", than one at twice it. Even numbers, because A B B A cancels a drift in pairs of pairs.
 */
export const looks: readonly number[] = [6, 8, 10, 12];
export const lookLevel = 0.02;
