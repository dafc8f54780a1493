// Lit's styleMap writes a `style` attribute when it renders first, which a Content-Security-Policy without 'unsafe-inline'
// forbids. This one sets property by property, as that one does from then on.
import { noChange } from 'lit';
import { Directive, directive } from 'lit/directive.js';

/** @typedef {Record<string, string | number | null | undefined>} Styles names as JavaScript writes them, or with dashes */

class StyleMap extends Directive {
  /** @type {Set<string>} those that are set */
  #names = new Set();

  /** @param {Styles} styles @returns {unknown} */
  // eslint-disable-next-line no-unused-vars -- it says what a template may give
  render(styles) {
    return noChange;
  }

  /** @param {import('lit/directive.js').AttributePart} part @param {[Styles]} styles */
  update({ element }, [styles]) {
    const { style } = element;
    const set = (/** @type {string} */ name, /** @type {string} */ value) => {
      if (name.includes('-')) style.setProperty(name, value);
      else /** @type {any} */ (style)[name] = value;
    };
    for (const name of this.#names) if (!(name in styles)) set(name, '');
    for (const [name, value] of Object.entries(styles)) set(name, String(value ?? ''));
    this.#names = new Set(Object.keys(styles));
    return noChange;
  }
}

/** `<i style=${styleMap({ left: '5%', '--share': 0.5 })}>` */
export const styleMap = directive(StyleMap);
