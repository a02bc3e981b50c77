// Draws a state machine: its values, what stubs change, and where it stands.

import { el, newId, svg } from './element.js';

const CHARACTER = 7.6; // px of one in a value, about
const BOX = 36; // height of a value
const GAP = 96; // between values
const LANE = 26; // between arcs
const LABELS = 2; // operations named at one arrow

/**
 * Draws a machine of a scenario; counts says how many instances stand at each value, and
 * current is the value of a machine without keys.
 */
export function machineView({ name, values, transitions }, counts, current) {
  const boxes = layOut(values, transitions);
  const head = newId('arrow');
  const arrows = gather(transitions);
  const forward = arrows.filter((a) => a.from !== '' && boxes.get(a.to).at === boxes.get(a.from).at + 1);
  const rest = arrows.filter((a) => !forward.includes(a));
  const above = rest.filter((a) => a.from === '' || boxes.get(a.to).at > boxes.get(a.from).at);
  const below = rest.filter((a) => !above.includes(a));
  const top = 16 + above.length * LANE;
  const last = boxes.get(values.at(-1));
  const width = last.x + last.width + 12;
  const height = top + BOX + 16 + below.length * LANE;
  return el('figure', { class: 'machine', tabindex: '0', 'aria-label': `State machine ${name}` },
    svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': spoken(name, values, arrows, current) },
      svg('defs', {}, svg('marker', { id: head, viewBox: '0 0 8 8', refX: '7', refY: '4', markerWidth: '7', markerHeight: '7', orient: 'auto' }, svg('path', { d: 'M0 0 8 4 0 8z', class: 'head' }))),
      forward.map((a) => straight(a, boxes, top, head)),
      above.map((a, i) => arc(a, boxes, top, top - (i + 1) * LANE, head)),
      below.map((a, i) => arc(a, boxes, top + BOX, top + BOX + (i + 1) * LANE, head)),
      values.map((value) => box(value, boxes.get(value), top, counts.get(value) ?? 0, value === current))));
}

function layOut(values, transitions) {
  const boxes = new Map();
  let x = 12;
  values.forEach((value, at) => {
    const width = Math.max(64, value.length * CHARACTER + 28);
    boxes.set(value, { at, x, width });
    const label = gather(transitions).filter((t) => t.from === value && t.to === values[at + 1]).map((t) => t.text.length);
    x += width + Math.max(GAP, ...label.map((length) => length * 6.4 + 32));
  });
  return boxes;
}

/** One arrow for all stubs that make the same change. */
function gather(transitions) {
  const arrows = new Map();
  for (const { from = '', to, operation } of transitions) {
    const key = JSON.stringify([from, to]);
    const arrow = arrows.get(key) ?? { from, to, operations: [] };
    if (!arrow.operations.includes(operation)) {
      arrow.operations.push(operation);
    }
    arrows.set(key, arrow);
  }
  return [...arrows.values()].map((a) => ({ ...a, text: label(a.operations) }));
}

function label(operations) {
  const more = operations.length - LABELS;
  return operations.slice(0, LABELS).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function box(value, { x, width }, y, count, isCurrent) {
  return svg('g', { class: isCurrent || count > 0 ? 'value current' : 'value', 'data-value': value },
    svg('rect', { x, y, width, height: BOX, rx: 8 }),
    svg('text', { x: x + width / 2, y: y + BOX / 2 + 5, 'text-anchor': 'middle' }, value),
    count > 0 && svg('g', { class: 'count' },
      svg('circle', { cx: x + width - 2, cy: y + 2, r: 11 }),
      svg('text', { x: x + width - 2, y: y + 6, 'text-anchor': 'middle' }, count > 99 ? '99+' : count)));
}

function straight({ from, to, text }, boxes, top, head) {
  const begin = boxes.get(from).x + boxes.get(from).width;
  const end = boxes.get(to).x;
  const y = top + BOX / 2;
  return svg('g', { class: 'arrow' },
    svg('path', { d: `M${begin} ${y}H${end}`, 'marker-end': `url(#${head})` }),
    svg('text', { x: (begin + end) / 2, y: y - 7, 'text-anchor': 'middle' }, text));
}

/** An arrow that leaves and enters at an edge of the boxes and runs in a lane of its own. */
function arc({ from, to, text }, boxes, edge, lane, head) {
  const target = boxes.get(to);
  const upwards = lane < edge;
  if (from === '') { // from any value
    const x = target.x + target.width / 2;
    return svg('g', { class: 'arrow' },
      svg('path', { d: `M${x} ${lane}V${edge}`, 'marker-end': `url(#${head})` }),
      svg('text', { x: x + 8, y: lane + 8 }, `any: ${text}`));
  }
  const begin = boxes.get(from);
  const x1 = begin.x + begin.width * (from === to ? 0.3 : 0.6);
  const x2 = target.x + target.width * (from === to ? 0.7 : 0.4);
  return svg('g', { class: 'arrow' },
    svg('path', { d: `M${x1} ${edge}V${lane}H${x2}V${edge}`, 'marker-end': `url(#${head})` }),
    svg('text', { x: (x1 + x2) / 2, y: upwards ? lane - 5 : lane + 13, 'text-anchor': 'middle' }, text));
}

function spoken(name, values, arrows, current) {
  const changes = arrows.map((a) => `${a.from || 'any value'} to ${a.to} by ${a.text}`);
  return [`State machine ${name} with the values ${values.join(', ')}`, current && `now at ${current}`, ...changes].filter(Boolean).join('; ');
}
