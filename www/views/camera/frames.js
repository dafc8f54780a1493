// The pictures of a video, one after the other.

/** Pixels of the side of the square that the network is given: as many as networks see, and few enough to be drawn at once. */
export const SIDE = 384;

/**
 * Gives the next picture of a video when it is there: its middle square.
 * @param {HTMLVideoElement} video
 * @param {OffscreenCanvasRenderingContext2D} context of `SIDE` by `SIDE` pixels
 * @param {boolean} mirrored
 * @param {AbortSignal} signal
 */
export async function nextSquare(video, context, mirrored, signal) {
  await next(video, signal);
  const [width, height] = [video.videoWidth, video.videoHeight];
  const side = Math.min(width, height);
  context.setTransform(mirrored ? -1 : 1, 0, 0, 1, mirrored ? SIDE : 0, 0);
  context.drawImage(video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, SIDE, SIDE);
  return context.getImageData(0, 0, SIDE, SIDE);
}

/** Comes with a picture of the video that was not there before. In a tab that nobody sees none comes. */
function next(/** @type {HTMLVideoElement} */ video, /** @type {AbortSignal} */ signal) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const asked = video.requestVideoFrameCallback(resolve);
    signal.addEventListener(
      'abort',
      () => {
        video.cancelVideoFrameCallback(asked);
        reject(signal.reason);
      },
      { once: true },
    );
  });
}
