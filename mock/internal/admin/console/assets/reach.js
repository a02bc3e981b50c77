// How far a part of the contract was reached.

import { el } from './element.js';

/** The levels: each with a class, a sign and a word, so that none needs its colour. */
export const REACH = [
  { name: 'missing', sign: '○', word: 'not reached' },
  { name: 'reached', sign: '◐', word: 'reached, never conforming' },
  { name: 'conforming', sign: '●', word: 'reached and conforming' },
];

/** The level of counts. */
export function levelOf({ reached, conforming }) {
  return conforming > 0 ? 2 : Number(reached > 0);
}

/** A level with its word, or another one. */
export function reachSign(level, words = REACH.map((each) => each.word)) {
  return el('span', { class: REACH[level].name }, el('span', { 'aria-hidden': 'true' }, `${REACH[level].sign} `), words[level]);
}
