// Why a request had no answer that the page may read: browsers do not say, but further requests can find out.

/**
 * `redirected`: to where this page may not read; `forbidden`: it answers, but not to this page.
 * @param {string} url
 * @param {AbortSignal} signal
 * @returns {Promise<'offline' | 'redirected' | 'forbidden' | 'unreachable'>}
 */
export async function whyUnreachable(url, signal) {
  if (!navigator.onLine) return 'offline';
  const answers = (/** @type {RequestInit} */ options) => fetch(url, { method: 'HEAD', cache: 'no-store', signal, ...options });
  const first = await answers({ redirect: 'manual' }).catch(() => null);
  if (first?.type === 'opaqueredirect') return 'redirected';
  const opaque = await answers({ mode: 'no-cors' }).catch(() => null);
  return opaque?.type === 'opaque' ? 'forbidden' : 'unreachable';
}
