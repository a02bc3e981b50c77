// A grid of many rows of which only those in sight are in the page. The keyboard moves
// along the rows: arrows, Page Up and Down, Home, End; Enter opens a row.

import { el, newId } from './element.js';

const MARGIN = 6; // rows beyond those in sight
const NEAR_END = 40; // rows before the end at which more is asked for

/**
 * <window-grid>. Its height is that of a style; all rows are as high as its property
 * --row says. Set columns once: a list of {title, name (a class), cells: (row) => what the
 * cell shows}. Rows are objects with an id. Events: 'open' with the row, and 'more' when
 * the end comes near.
 */
class WindowGrid extends HTMLElement {
  #prefix = newId('row');

  #head = el('div', { role: 'row', 'aria-rowindex': '1', class: 'head' });

  #space = el('div', { class: 'space', role: 'rowgroup' });

  #rows = [];

  #columns = [];

  #shown = new Map(); // the rows in the page, by their index

  #active = null; // the id of the row that the keyboard is at

  #height = 0; // of a row

  #scheduled = false;

  connectedCallback() {
    this.setAttribute('role', 'grid');
    this.tabIndex = 0;
    this.append(el('div', { role: 'rowgroup', class: 'headgroup' }, this.#head), this.#space);
    this.addEventListener('scroll', () => this.#schedule(), { passive: true });
    this.addEventListener('keydown', (event) => this.#key(event));
    this.addEventListener('click', (event) => this.#click(event));
    this.addEventListener('focus', () => this.#focused());
    new ResizeObserver(() => this.#resized()).observe(this);
  }

  set columns(columns) {
    this.#columns = columns;
    this.setAttribute('aria-colcount', String(columns.length));
    this.#head.replaceChildren(...columns.map((c) => el('div', { role: 'columnheader', class: c.name }, c.title)));
  }

  get rows() {
    return this.#rows;
  }

  /** How many rows there are, of which rows may hold but a part; -1 where it is not known. */
  set total(n) {
    this.setAttribute('aria-rowcount', String(n < 0 ? -1 : n + 1)); // with the head
  }

  /** Shows other rows. added is how many new ones stand above those that were there. */
  show(rows, added = 0) {
    const top = this.scrollTop;
    this.#rows = rows;
    this.#clear();
    this.#measure();
    if (added > 0 && top > 0) { // what is read stays where it is
      this.scrollTop = top + added * this.#height;
    }
    this.#draw();
  }

  /** Marks a row, and scrolls to it where it is out of sight. */
  select(id) {
    this.#active = id;
    this.#bringIntoSight();
    this.#draw();
    for (const row of this.#shown.values()) {
      this.#mark(row);
    }
    const at = this.#index();
    if (at >= 0) {
      this.setAttribute('aria-activedescendant', this.#idOf(at));
    } else {
      this.removeAttribute('aria-activedescendant');
    }
  }

  get selected() {
    return this.#active;
  }

  #index() {
    return this.#active === null ? -1 : this.#rows.findIndex((row) => row.id === this.#active);
  }

  #idOf(index) {
    return `${this.#prefix}-${this.#rows[index].id}`;
  }

  #clear() {
    for (const row of this.#shown.values()) {
      row.remove();
    }
    this.#shown.clear();
  }

  #measure() {
    this.#height = parseFloat(getComputedStyle(this).getPropertyValue('--row'));
    this.#space.style.height = `${this.#rows.length * this.#height}px`;
  }

  #resized() {
    this.#clear();
    this.#measure();
    this.#draw();
  }

  #schedule() {
    if (!this.#scheduled) {
      this.#scheduled = true;
      requestAnimationFrame(() => {
        this.#scheduled = false;
        this.#draw();
      });
    }
  }

  /** Puts the rows in sight into the page and takes all others out. */
  #draw() {
    const first = Math.max(0, Math.floor(this.scrollTop / this.#height) - MARGIN);
    const last = Math.min(this.#rows.length, Math.ceil((this.scrollTop + this.clientHeight) / this.#height) + MARGIN);
    for (const [index, row] of this.#shown) {
      if (index < first || index >= last) {
        row.remove();
        this.#shown.delete(index);
      }
    }
    for (let i = first; i < last; i += 1) {
      if (!this.#shown.has(i)) {
        const row = this.#row(i);
        this.#shown.set(i, row);
        this.#space.append(row);
      }
    }
    if (this.#rows.length > 0 && last > this.#rows.length - NEAR_END) {
      this.dispatchEvent(new Event('more'));
    }
  }

  #row(index) {
    const data = this.#rows[index];
    const row = el('div', { role: 'row', id: this.#idOf(index), class: 'row', 'aria-rowindex': String(index + 2) },
      this.#columns.map((c) => el('div', { role: 'gridcell', class: c.name }, c.cells(data))));
    row.style.top = `${index * this.#height}px`;
    row.dataset.id = data.id;
    this.#mark(row);
    return row;
  }

  #mark(row) {
    row.setAttribute('aria-selected', String(row.dataset.id === this.#active));
  }

  #click(event) {
    const row = event.target.closest('.row');
    if (row) {
      this.#open(row.dataset.id);
    }
  }

  #open(id) {
    this.select(id);
    const data = this.#rows.find((row) => row.id === id);
    if (data) {
      this.dispatchEvent(new CustomEvent('open', { detail: data }));
    }
  }

  #focused() {
    if (this.#index() < 0 && this.#rows.length > 0) {
      this.select(this.#rows[Math.min(this.#rows.length - 1, Math.ceil(this.scrollTop / this.#height))].id);
    }
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.#rows.length === 0) {
      return;
    }
    const at = this.#index();
    const page = Math.max(1, Math.floor(this.clientHeight / this.#height) - 2);
    const to = {
      ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: this.#rows.length - 1,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.select(this.#rows[Math.min(Math.max(to, 0), this.#rows.length - 1)].id);
    } else if (event.key === 'Enter' && at >= 0) {
      event.preventDefault();
      this.#open(this.#active);
    }
  }

  #bringIntoSight() {
    const at = this.#index();
    if (at < 0) {
      return;
    }
    const head = this.#head.offsetHeight;
    const top = at * this.#height;
    if (top < this.scrollTop) {
      this.scrollTop = top;
    } else if (top + this.#height + head > this.scrollTop + this.clientHeight) {
      this.scrollTop = top + this.#height + head - this.clientHeight;
    }
  }
}

customElements.define('window-grid', WindowGrid);
