// What files a form takes for pictures: those that the engine reads, and those that a browser may read for it.

/** Safari reads HEIC, for one; most read AVIF. A file that none reads is refused by name. */
const BROWSERS = ['image/gif', 'image/bmp', 'image/avif', 'image/heic', 'image/heif', 'image/tiff'];

/** The value of `accept`. */
export const acceptOf = (/** @type {import('../engine/protocol.d.ts').About | null} */ about) =>
  [...(about?.picture_formats ?? []).map(({ media_type: type }) => type), ...BROWSERS].join();
