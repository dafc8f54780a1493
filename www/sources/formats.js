// What files a form takes for pictures: those that the engine reads, and those that a browser reads for it.

/** @import { About } from '../engine/protocol.d.ts' */

/** What all browsers decode beside the engine. */
const DECODED = [
  { name: 'GIF', media_type: 'image/gif' },
  { name: 'BMP', media_type: 'image/bmp' },
  { name: 'AVIF', media_type: 'image/avif' },
];
/** Safari alone decodes these. Elsewhere a phone's photo is refused with words that help, so it may be chosen. TIFF is not offered. */
const TRIED = ['image/heic', 'image/heif'];

/** The names of the formats that are read everywhere. */
export const formatNames = (/** @type {About} */ { picture_formats: formats }) => [...formats, ...DECODED].map(({ name }) => name);

/** The value of `accept`. */
export const acceptOf = (/** @type {About | null} */ about) =>
  [...[...(about?.picture_formats ?? []), ...DECODED].map(({ media_type: type }) => type), ...TRIED].join();
