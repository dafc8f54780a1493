// A small picture, drawn from a bitmap that stays whole.
import { Element, html } from './element.js';
import sheet from './thumbnail.css';

export class Thumbnail extends Element {
  static sheet = sheet;
  static properties = { bitmap: { attribute: false } };

  constructor() {
    super();
    /** @type {ImageBitmap | null} */
    this.bitmap = null;
  }

  render() {
    return html`<canvas width="96" height="96" class=${this.bitmap ? '' : 'empty'} aria-hidden="true"></canvas>`;
  }

  updated() {
    if (!this.bitmap) return;
    const canvas = /** @type {HTMLCanvasElement} */ (this.find('canvas'));
    Object.assign(canvas, { width: this.bitmap.width, height: this.bitmap.height });
    canvas.getContext('2d')?.drawImage(this.bitmap, 0, 0);
  }
}

customElements.define('cl-thumbnail', Thumbnail);
