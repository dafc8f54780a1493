// What lies on the board: a background and stickers, back to front. Places and sizes are shares of the board's side.

const MIN_SIZE = 0.08;
const MAX_SIZE = 1;
const DEFAULT_SIZE = 0.36;

const within = (value, min, max) => Math.min(Math.max(value, min), max);

/** Fires `change` when anything that is seen has changed. A sticker is `{ id, class, x, y, size, angle }`. */
export class Scene extends EventTarget {
  background = 'meadow';
  stickers = [];
  #number = 0;

  /** Takes the place of all that lies there. */
  set({ background, stickers }) {
    this.background = background;
    this.stickers = stickers.map((sticker) => this.#made(sticker));
    this.#changed();
  }

  get(id) {
    return this.stickers.find((sticker) => sticker.id === id);
  }

  /** Lays a sticker on top of the others, by default in the middle. */
  add(sticker) {
    const made = this.#made(sticker);
    this.stickers.push(made);
    this.#changed();
    return made;
  }

  /** Moves, scales and rotates: `change` has what is to be new of `{ x, y, size, angle }`. */
  alter(sticker, change) {
    Object.assign(sticker, change);
    sticker.x = within(sticker.x, 0, 1);
    sticker.y = within(sticker.y, 0, 1);
    sticker.size = within(sticker.size, MIN_SIZE, MAX_SIZE);
    sticker.angle = ((((sticker.angle + 180) % 360) + 360) % 360) - 180;
    this.#changed();
  }

  remove(sticker) {
    this.stickers = this.stickers.filter((other) => other !== sticker);
    this.#changed();
  }

  raise(sticker) {
    if (this.stickers.at(-1) === sticker) return;
    this.stickers = [...this.stickers.filter((other) => other !== sticker), sticker];
    this.#changed();
  }

  clear() {
    this.stickers = [];
    this.#changed();
  }

  setBackground(background) {
    this.background = background;
    this.#changed();
  }

  #made({ class: name, x = 0.5, y = 0.5, size = DEFAULT_SIZE, angle = 0 }) {
    return { id: ++this.#number, class: name, x, y, size, angle };
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
