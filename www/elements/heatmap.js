// One heatmap: the drawing, what it is of, and a mark as soon as it is behind. What is slotted lies over the picture.
import { t } from '../i18n/index.js';
import { Element, classMap, html } from './element.js';
import sheet from './heatmap.css';

const STEADY = 300; // milliseconds that the mark stays when the drawing has caught up: in a drag it would flicker
const LATE = 500; // milliseconds without a new drawing after which one that is behind is greyed out, too

export class Heatmap extends Element {
  static sheet = sheet;

  static properties = {
    bitmap: { attribute: false },
    label: {},
    heading: {},
    detail: {},
    note: {},
    stale: { type: Boolean },
    stopped: { type: Boolean },
    marked: { state: true },
    late: { state: true },
  };

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #lateness;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #steadying;

  constructor() {
    super();
    /** @type {ImageBitmap | null} what is drawn; the canvas takes it over */
    this.bitmap = null;
    /** What the drawing is, for those who cannot see it. */
    this.label = '';
    this.heading = '';
    this.detail = '';
    /** What must be known to read the drawing right: that nothing speaks for the class. */
    this.note = '';
    /** Whether something else is asked for than is shown. */
    this.stale = false;
    /** Whether nothing is under way that would change that. */
    this.stopped = false;
    this.marked = false;
    this.late = false;
  }

  /** The canvas, for what reads the drawing again. */
  get canvas() {
    return /** @type {HTMLCanvasElement} */ (this.find('canvas'));
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('bitmap') && this.bitmap) this.#caughtUp();
    if (!changed.has('stale') && !changed.has('stopped') && !changed.has('bitmap')) return;
    if (this.stale) {
      clearTimeout(this.#steadying);
      this.#steadying = undefined;
      this.marked = true;
      if (this.stopped) this.late = true;
      else this.#lateness ??= setTimeout(() => (this.late = true), LATE);
    } else {
      this.#caughtUp();
      // Not anew with each drawing: they may follow each other faster than that.
      if (this.marked) this.#steadying ??= setTimeout(() => this.#steady(), STEADY);
    }
  }

  #steady() {
    this.marked = false;
    this.#steadying = undefined;
  }

  #caughtUp() {
    clearTimeout(this.#lateness);
    this.#lateness = undefined;
    this.late = false;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has('bitmap') || !this.bitmap) return;
    const { canvas, bitmap } = this;
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    /** @type {ImageBitmapRenderingContext} */ (canvas.getContext('bitmaprenderer')).transferFromImageBitmap(bitmap);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#steadying);
    this.#steadying = undefined;
    this.#caughtUp();
    this.marked = this.stale;
  }

  render() {
    const { heatmap } = t().explain;
    return html`
      <figure class=${classMap({ heat: true, stale: this.stale, late: this.late, empty: !this.bitmap })} aria-busy=${this.stale && !this.stopped}>
        <div class="pane" part="pane">
          <canvas part="canvas" width="1" height="1" role="img" aria-label=${this.label || heatmap.empty}></canvas>
          <slot></slot>
          <p class="behind" ?hidden=${!this.marked}>${this.stopped ? heatmap.outdated : heatmap.behind}</p>
        </div>
        <figcaption part="caption" ?hidden=${!this.heading && !this.detail && !this.note}>
          <p class="title" part="title" ?hidden=${!this.heading}>${this.heading}</p>
          <p class="detail" ?hidden=${!this.detail}>${this.detail}</p>
          <p class="note" ?hidden=${!this.note}>${this.note}</p>
        </figcaption>
      </figure>`;
  }
}

customElements.define('cl-heatmap', Heatmap);
