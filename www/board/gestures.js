// What pointers do to stickers: one moves, two scale and rotate, a pulled corner and the wheel do so as well.

const WHEEL = 0.0015; // of the size for each pixel that the wheel turns
const WHEEL_TURN = 0.1; // degrees

const degrees = (radians) => (radians * 180) / Math.PI;

/**
 * `stickerOf(element)` is the sticker that an element stands for, if any; `chosen()` the one whose corner `frame` shows;
 * `onChoose(sticker)` is called with the one that was taken hold of, or with null.
 */
export function gestures({ stage, frame, scene, stickerOf, chosen, onChoose }) {
  const pointers = new Map(); // id → [x, y], in shares of the stage
  let held = null; // { sticker, by: 'move' | 'corner', grip }

  function at({ clientX, clientY }) {
    const { left, top, width, height } = stage.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height];
  }

  /** What a later position is compared with. */
  function grip() {
    const { sticker, by } = held;
    const points = [...pointers.values()];
    const origin = by === 'corner' ? [sticker.x, sticker.y] : points[0];
    const other = by === 'corner' ? points[0] : points[1];
    return { origin, other, from: { ...sticker } };
  }

  function follow() {
    const { sticker } = held;
    const { origin: was, other: wasOther, from } = held.grip;
    const { origin, other } = grip();
    const change = { x: from.x + origin[0] - was[0], y: from.y + origin[1] - was[1] };
    if (other) {
      const arm = ([x, y], [u, v]) => [u - x, v - y];
      const [before, now] = [arm(was, wasOther), arm(origin, other)];
      const scale = Math.hypot(...now) / Math.max(Math.hypot(...before), 0.01);
      change.size = from.size * scale;
      change.angle = from.angle + degrees(Math.atan2(now[1], now[0]) - Math.atan2(before[1], before[0]));
    }
    scene.alter(sticker, change);
  }

  stage.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    const corner = frame.contains(event.target);
    if (!held) {
      const sticker = corner ? chosen() : stickerOf(event.target);
      if (!sticker) return onChoose(null);
      held = { sticker, by: corner ? 'corner' : 'move' };
      onChoose(sticker);
      if (!corner) scene.raise(sticker);
    } else if (held.by === 'corner' || pointers.size > 1) return;
    event.preventDefault(); // no text is marked, and the focus is where onChoose has put it
    stage.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, at(event));
    held.grip = grip();
  });
  stage.addEventListener('pointermove', (event) => {
    if (!pointers.has(event.pointerId)) return;
    pointers.set(event.pointerId, at(event));
    // It may have been removed by the keyboard meanwhile.
    if (scene.stickers.includes(held.sticker)) follow();
  });
  for (const end of ['pointerup', 'pointercancel']) {
    stage.addEventListener(end, (event) => {
      if (!pointers.delete(event.pointerId)) return;
      if (pointers.size) held.grip = grip();
      else held = null;
    });
  }
  stage.addEventListener('wheel', (event) => {
    const sticker = stickerOf(event.target);
    if (!sticker || sticker !== chosen()) return; // elsewhere the wheel scrolls the page
    event.preventDefault();
    const turned = event.deltaY || event.deltaX;
    scene.alter(sticker, event.shiftKey
      ? { angle: sticker.angle + WHEEL_TURN * turned }
      : { size: sticker.size * Math.exp(-WHEEL * turned) });
  }, { passive: false });
}
