/**
 * The SHA-256 of a blob, in hexadecimal digits; null where the page is not served securely: browsers offer no digest there.
 * @param {Blob} blob
 */
export async function sha256(blob) {
  if (!crypto.subtle) return null;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
