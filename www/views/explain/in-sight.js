// Whether the heatmaps are down to what stays in sight of them: where a sheet has them stick to the top of a narrow screen
// with their lower part only, they are made as small as that part, so that all of them is seen.

/** A Lit controller; `small` is for the host to render. */
export class InSight {
  small = false;
  #host;
  #figures;
  #width = 0;
  #measuring = new ResizeObserver(() => this.#measure());

  /**
   * @param {import('../../elements/element.js').Element} host
   * @param {() => HTMLElement} figures the element that sticks; its sheet reads `--full`, how high it is by itself
   */
  constructor(host, figures) {
    this.#host = host;
    this.#figures = figures;
    host.addController(this);
  }

  hostConnected() {
    globalThis.addEventListener('scroll', this.#follow, { passive: true });
    if (this.#host.hasUpdated) this.#measuring.observe(this.#figures());
  }

  hostDisconnected() {
    globalThis.removeEventListener('scroll', this.#follow);
    this.#measuring.disconnect();
  }

  hostUpdated() {
    this.#measuring.observe(this.#figures());
  }

  /** Small ones keep the height that they had, so that nothing below moves; at another width they have another. */
  #measure() {
    const figures = this.#figures();
    const { offsetWidth } = figures;
    // To the fraction of a pixel: rounded, what is below would move by one.
    if (!this.small) figures.style.setProperty('--full', `${figures.getBoundingClientRect().height}px`);
    if (!this.small || offsetWidth === this.#width) this.#follow();
    else this.#set(false);
    this.#width = offsetWidth;
  }

  #follow = () => {
    const figures = this.#figures();
    const stuck = parseFloat(getComputedStyle(figures).top); // not a number where they do not stick
    this.#set(stuck < 0 && figures.getBoundingClientRect().top < stuck + 1);
  };

  #set(/** @type {boolean} */ small) {
    if (small === this.small) return;
    this.small = small;
    this.#host.requestUpdate();
  }
}
