// Makes elements. Values become text and attributes, never markup.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Makes an HTML element. Attributes that are null or false are left out, true stands
 * for an empty one; functions listen to the event of that name. Children are elements
 * or texts; null, false and '' are left out, lists are taken apart.
 */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Makes an SVG element in the same way. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name, value);
    } else if (name === 'value') {
      element.value = value;
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...contents(children));
  return element;
}

/** Takes lists apart and leaves out what shows nothing, for append and replaceChildren. */
export function contents(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== '')
    .map((child) => (child instanceof Node ? child : String(child)));
}

let made = 0;

/** Makes an id that no other element has, for labels and descriptions. */
export function newId(prefix = 'id') {
  made += 1;
  return `${prefix}-${made}`;
}

/** A button; label is read in place of its text where the text alone says too little. */
export function button(text, press, attributes = {}) {
  return el('button', { type: 'button', click: press, ...attributes }, text);
}

/** A button that copies what text() gives. */
export function copyButton(title, text, announce) {
  return button(title, async () => {
    try {
      await copy(await text());
      announce(`${title}: copied.`);
    } catch (error) {
      announce(`${title} failed: ${error.message}`);
    }
  });
}

/** Puts a text on the clipboard, also where a page over plain HTTP has no clipboard. */
async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = el('textarea', { class: 'away', readonly: true, value: text });
  const open = document.querySelector('dialog[open]') ?? document.body;
  const focused = document.activeElement;
  open.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  focused?.focus();
  if (!done) {
    throw new Error('the browser does not let the page copy');
  }
}
