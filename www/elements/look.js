// What an element looks like to those who paint, and how it gives a file: both need the document that it is in.

/** The colours and the type of what is saved: those of the page. */
export function lookOf(/** @type {import('./element.js').Element} */ element) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name) => {
    const probe = element.ownerDocument.createElement('i');
    probe.style.color = `var(${name})`;
    element.renderRoot.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
  return { ink: read('--ink'), paper: read('--surface'), family: style.fontFamily, size: 16 };
}

/** Gives the visitor a file. */
export function giveFile(/** @type {import('./element.js').Element} */ element, /** @type {Blob} */ blob, /** @type {string} */ name) {
  const url = URL.createObjectURL(blob);
  const link = element.ownerDocument.createElement('a');
  Object.assign(link, { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // some browsers read it only later
}
