// What all boards do with keys and the focus.

/** Texts, in which keys undo what was typed. */
const TEXTS = 'input:not([type=checkbox], [type=radio], [type=range]), textarea, [contenteditable]';

/**
 * What a key pressed anywhere but in a text does to a board: Ctrl Z, Ctrl Y, Ctrl Shift Z.
 * @returns {'undo' | 'redo' | null}
 */
export function editOf(/** @type {KeyboardEvent} */ event) {
  if (event.defaultPrevented || event.altKey || !(event.ctrlKey || event.metaKey)) return null;
  const [target] = /** @type {HTMLElement[]} */ (event.composedPath());
  if (target.matches?.(TEXTS)) return null;
  const key = event.key.toLowerCase();
  if (key !== 'z' && (key !== 'y' || event.shiftKey)) return null;
  return key === 'y' || event.shiftKey ? 'redo' : 'undo';
}

/** What has the focus, however deep. @returns {Element | null} */
export function focusedIn(/** @type {any} */ root) {
  const { activeElement } = root;
  return activeElement?.shadowRoot?.activeElement ? focusedIn(activeElement.shadowRoot) : activeElement;
}
