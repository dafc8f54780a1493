// <cam-lucida>: a picture with the heatmap of what a network saw in it, in any page. docs/EMBEDDING.md describes it.
//
// This file is all that is loaded before the element is revealed. It shows the poster and waits; www/embed/figure.js, which
// it loads then, computes and draws. All elements of a document share one engine.
import { ASKED, ATTRIBUTES } from './embed/attributes.js';
import sheet from './embed/element.css';
import { languageOf, posterIn } from './embed/posters.js';
import { adopt, columnsOf, defineProperty, ratioOf, write } from './embed/properties.js';
import tokens from './styles/tokens.css';

/**
 * @import { Attribute } from './embed/attributes.js'
 * @import { Figure } from './embed/figure.js'
 * @import { Given } from './embed/given.js'
 * @import { Live } from './embed/live.js'
 * @import { Result } from './embed/result.js'
 *
 * @typedef {Partial<Record<Attribute | 'lang', any>> & { class?: any, signal?: AbortSignal } & import('./embed/asking.js').Options} Options
 */

/** Another one may be asked for, where a document has several versions: `element.js?tag=cam-lucida-next`. */
const TAG = new URL(import.meta.url).searchParams.get('tag') ?? 'cam-lucida';
const NEAR = '200px'; // outside of what can be seen, as browsers do with lazy pictures
/** Attributes by the property of the question that they set. @type {Record<string, Attribute>} */
const SET_BY = { picture: 'src', layers: 'layer' };

export class CamLucida extends HTMLElement {
  static observedAttributes = [...Object.keys(ATTRIBUTES), 'lang'];

  #root = this.attachShadow({ mode: 'open' });
  /** @type {Figure | null} */
  #figure = null;
  /** In place of the figure, where a board is asked for. @type {Live | null} */
  #live = null;
  /** What has the language, before anything is shown, too. @type {Figure | null} */
  #speaker = null;
  /** @type {Promise<Figure> | null} */
  #loading = null;
  #revealed = false;
  /** The attributes that have changed, and are to be asked together. @type {Set<string> | null} */
  #changed = null;
  /** A picture without an address. @type {Given | null} */
  #given = null;
  /** Whether attributes are written that say what is asked already. */
  #reflecting = false;
  /** The address of a poster that did not come. @type {string | null} */
  #lost = null;
  /** @type {IntersectionObserver | null} */
  #observer = null;
  /** @type {Record<'frame' | 'image' | 'button' | 'message', HTMLElement>} */
  #parts = /** @type {any} */ (null);

  connectedCallback() {
    if (!this.#parts) {
      adopt(this);
      this.#build();
    }
    this.#dress();
    const { reveal, loading } = /** @type {any} */ (this);
    if (loading === 'eager') this.#load().catch(() => {});
    if (this.#revealed || reveal !== 'view') return;
    this.#observer = new IntersectionObserver((entries) => this.#seen(entries), { rootMargin: NEAR });
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    this.#observer?.disconnect();
  }

  #seen(/** @type {IntersectionObserverEntry[]} */ entries) {
    if (entries.some((one) => one.isIntersecting)) this.#reveal().catch(() => {});
  }

  attributeChangedCallback(/** @type {string} */ name) {
    if (!this.#parts || this.#reflecting) return;
    this.#dress();
    if (name === 'lang') this.#speaker?.speak(languageOf(this)).catch(() => {}); // it goes on in the language before
    if (name === 'src') this.#given = null;
    if (ASKED.some((one) => one === name)) this.#note(name);
    const shown = this.#figure ?? this.#live;
    if (name === 'controls' && shown) shown.controls = this.getAttribute(name);
    if (name === 'board' && this.#live) this.#live.words = this.getAttribute(name) ?? '';
    if ((name === 'reveal' || name === 'loading') && this.isConnected) {
      this.disconnectedCallback();
      this.connectedCallback();
    }
  }

  /** What came of what is asked; null before. @returns {Result | null} */
  get result() {
    return this.#figure?.result ?? null;
  }

  /** The heatmap of one class as a PNG. @returns {Promise<Blob>} */
  async toBlob(/** @type {{ which?: number }} */ options = {}) {
    await this.explain();
    return /** @type {Figure} */ (this.#figure).toBlob(options);
  }

  /**
   * Reveals the element, asks what `options` say beside the attributes, and gives the result. What they have in common with
   * the attributes is written there.
   * @param {Options} options
   * @returns {Promise<Result>}
   */
  async explain({ signal, ...options } = {}) {
    signal?.throwIfAborted();
    if (!this.isConnected) throw new DOMException('not in a document', 'InvalidStateError');
    const { class: classes = options.classes, ...rest } = options;
    const asked = classes === undefined ? rest : { ...rest, classes };
    const isAttribute = (/** @type {string} */ name) => CamLucida.observedAttributes.includes(name);
    for (const [name, value] of Object.entries(asked)) if (isAttribute(name)) /** @type {any} */ (this)[name] = value;
    const figure = await this.#reveal();
    signal?.throwIfAborted();
    if (!this.#figure) throw new DOMException('a board explains by itself', 'InvalidStateError');
    if (!this.isConnected) throw new DOMException('removed', 'AbortError');
    this.#ask();
    const others = Object.fromEntries(Object.entries(asked).filter(([name]) => !isAttribute(name)));
    return figure.answer(others, signal);
  }

  #build() {
    const make = (/** @type {string} */ tag, /** @type {Record<string, string>} */ attributes = {}, /** @type {Node[]} */ ...inside) => {
      const made = this.ownerDocument.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
      made.append(...inside);
      return made;
    };
    this.#root.adoptedStyleSheets = [tokens, sheet].map((text) => {
      const made = new CSSStyleSheet();
      made.replaceSync(text);
      return made;
    });
    const image = make('img', { part: 'poster', alt: '', hidden: '' });
    const button = make('button', { part: 'button', type: 'button', hidden: '' });
    const message = make('p', { class: 'message', role: 'status', hidden: '' });
    const frame = make('div', { class: 'frame', part: 'frame' }, image, make('slot', { name: 'poster' }), make('slot'), message, button);
    frame.addEventListener('load', () => this.#dress(), true); // now the size of the picture is known
    frame.addEventListener('slotchange', () => this.#dress());
    image.addEventListener('error', () => {
      this.#lost = image.getAttribute('src');
      this.#dress();
    });
    button.addEventListener('click', () => this.#reveal().catch(() => {}));
    const caption = make('figcaption', { part: 'caption' }, make('slot', { name: 'caption' }));
    this.#root.append(make('figure', { part: 'figure' }, frame, caption));
    this.#parts = { frame, image, button, message };
  }

  /** How it looks, by its attributes. */
  #dress() {
    const { frame, image, button } = this.#parts;
    const { poster, reveal, classes } = /** @type {any} */ (this);
    image.hidden = !poster || poster === this.#lost;
    if (poster) write(image, 'src', poster); // the same once more would load it again
    frame.style.setProperty('--columns', String(columnsOf((classes ?? '').split(',').length)));
    const shown = !image.hidden ? image : (this.#picture ?? this.querySelector('img[slot=poster], [slot=poster] img'));
    frame.style.setProperty('--natural', String(ratioOf(shown) ?? 1));
    button.hidden = this.#revealed || reveal !== 'click';
    button.textContent = this.#words.show;
  }

  get #words() {
    return posterIn(languageOf(this)).poster;
  }

  /** Shows the heatmap as soon as it is there. */
  async #reveal() {
    const { button, message } = this.#parts;
    this.#revealed = true;
    this.#observer?.disconnect();
    button.hidden = true;
    message.textContent = this.#words.loading;
    message.hidden = false;
    const figure = await this.#load();
    message.hidden = true;
    figure.revealed = true;
    return figure;
  }

  /** Loads what computes, and asks. */
  #load() {
    this.#loading ??= this.#open();
    return this.#loading;
  }

  async #open() {
    try {
      const { Figure } = await import('./embed/figure.js');
      const figure = (this.#speaker = new Figure());
      await figure.speak(languageOf(this));
      figure.controls = this.getAttribute('controls');
      figure.onTold = (name, detail) => this.dispatchEvent(new CustomEvent(name, { detail }));
      figure.onChosen = (change) => this.#reflect(change);
      const board = this.getAttribute('board');
      if (board !== null) return await this.#play(await figure.board(board), figure);
      this.#figure = figure;
      this.#changed = new Set(ASKED);
      this.#ask();
      const { frame } = this.#parts;
      frame.replaceWith(figure);
      figure.append(frame);
      return figure;
    } catch (error) {
      this.#loading = null;
      this.#missed(error);
      throw error;
    }
  }

  /** Shows the sticker board in place of the poster, which shows nothing of it. */
  async #play(/** @type {Live} */ live, /** @type {Figure} */ figure) {
    this.#live = live;
    this.#parts.frame.replaceWith(live);
    return figure;
  }

  /** What computes did not come. */
  #missed(/** @type {any} */ error) {
    const { button, message } = this.#parts;
    const { failed, retry } = this.#words;
    message.textContent = failed;
    message.hidden = false;
    button.textContent = retry;
    button.hidden = false;
    const detail = { code: 'figure-unreachable', kind: 'request', arguments: {}, message: failed, cause: String(error) };
    this.dispatchEvent(new CustomEvent('error', { detail }));
  }

  /** What changes in one go is asked in one go. */
  #note(/** @type {string} */ name) {
    if (!this.#figure) return;
    if (!this.#changed) queueMicrotask(() => this.#ask());
    this.#changed ??= new Set();
    this.#changed.add(name);
  }

  #ask() {
    const [figure, changed] = [this.#figure, this.#changed];
    this.#changed = null;
    if (!figure || !changed) return;
    figure.inquire({ ...this.#asked, src: this.#source }, changed, this.baseURI, this.#given);
  }

  /** @returns {any} */
  get #asked() {
    return Object.fromEntries(ASKED.map((name) => [name, /** @type {any} */ (this)[name]]));
  }

  /** The picture inside. Tools for documentation may have put it into a paragraph. @returns {HTMLImageElement | null} */
  get #picture() {
    return this.querySelector(':scope > img:not([slot]), :scope > :not([slot]) img');
  }

  /** The address of the picture: the attribute, else that of the picture inside. @returns {string | null} */
  get #source() {
    const image = this.#picture;
    return this.getAttribute('src') ?? (image && (image.currentSrc || image.src)) ?? null;
  }

  get src() {
    return /** @type {any} */ (this.#given ?? this.getAttribute('src'));
  }

  /** An address, or a picture: Blob, ImageData, ImageBitmap, canvas, image, video. */
  set src(value) {
    const given = value !== null && typeof value === 'object' && !(value instanceof URL) ? value : null;
    const before = this.#given;
    write(this, 'src', given ? null : ATTRIBUTES.src.write(value));
    this.#given = given;
    if (given || before) this.#note('src'); // the attribute may not have changed
  }

  /** Writes what the controls have chosen. */
  #reflect(/** @type {Record<string, any>} */ change) {
    this.#reflecting = true;
    for (const [key, value] of Object.entries(change)) {
      const name = SET_BY[key] ?? key;
      if (name in ATTRIBUTES && name !== 'src') /** @type {any} */ (this)[name] = Array.isArray(value) && !value.length ? null : value;
    }
    this.#reflecting = false;
  }
}

for (const [name, kind] of Object.entries(ATTRIBUTES)) defineProperty(CamLucida.prototype, name, kind);

// Sheets of the page count in rem; here that is the size of the text around, whatever that page does to its root.
try {
  CSS.registerProperty({ name: '--cl-rem', syntax: '<length>', inherits: true, initialValue: '16px' });
} catch {} // another version was here before

if (!customElements.get(TAG)) customElements.define(TAG, CamLucida);
