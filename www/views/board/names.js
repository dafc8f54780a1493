import { t } from '../../i18n/index.js';

/** A class in the page's language; as the network's file says it where the page has no word for it. */
export const nameOf = (/** @type {string} */ name) => t().classes[name] ?? name;
