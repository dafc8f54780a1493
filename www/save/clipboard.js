/**
 * Puts a text, or a picture as a PNG that may still be in the making, on the clipboard. Tells whether it is there: a
 * browser may not allow it, or offer no clipboard where the connection is not secure.
 * @param {string | Promise<Blob>} what
 */
export async function copy(what) {
  try {
    if (typeof what === 'string') await navigator.clipboard.writeText(what);
    else await navigator.clipboard.write([new ClipboardItem({ 'image/png': what })]);
    return true;
  } catch {
    return false;
  }
}
