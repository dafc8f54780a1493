// Drawings as PNG: by themselves, or with their captions and a legend.

const GAP = 16; // pixels, at the size of the drawings
const LINE = 1.4; // times the size of the type
const BAR = 12; // height of the legend's strip

/** Takes the pixels at once: what is drawn later is not in it. */
export async function png(/** @type {ImageBitmap | HTMLCanvasElement} */ drawing) {
  const canvas = new OffscreenCanvas(drawing.width, drawing.height);
  canvas.getContext('2d')?.drawImage(drawing, 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}

/**
 * Drawings side by side, each with what it is of, a legend, and lines that say how it was made.
 * @param {{ drawing: HTMLCanvasElement, heading: string }[]} drawings of one size
 * @param {{ legend: { colours: string[], ends: string[] }, lines: string[] }} caption
 * @param {{ ink: string, paper: string, family: string, size: number }} look
 */
export async function captioned(drawings, { legend, lines }, { ink, paper, family, size }) {
  const [
    {
      drawing: { width, height },
    },
  ] = drawings;
  const measure = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(1, 1).getContext('2d'));
  const [bold, plain] = [`600 ${size}px ${family}`, `${size}px ${family}`];
  const wrap = (/** @type {string} */ words, /** @type {number} */ room, /** @type {string} */ font) => {
    measure.font = font;
    return wrapped(words, room, (part) => measure.measureText(part).width);
  };
  const inner = drawings.length * (width + GAP) - GAP;
  const headings = drawings.map(({ heading }) => wrap(heading, width, bold));
  const said = lines.flatMap((words) => wrap(words, inner, plain));
  const step = size * LINE;
  const headed = Math.max(...headings.map(({ length }) => length)) * step;
  const canvas = new OffscreenCanvas(inner + 2 * GAP, Math.ceil(4 * GAP + height + headed + step + BAR + said.length * step));
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.fillStyle = paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  Object.assign(context, { fillStyle: ink, textBaseline: 'top' });

  context.font = bold;
  for (const [i, { drawing }] of drawings.entries()) {
    const left = GAP + i * (width + GAP);
    context.drawImage(drawing, left, GAP);
    for (const [j, words] of headings[i].entries()) context.fillText(words, left, 1.5 * GAP + height + j * step);
  }

  context.font = plain;
  let top = 2 * GAP + height + headed;
  const [low, high] = legend.ends;
  context.fillText(low, GAP, top);
  context.textAlign = 'end';
  context.fillText(high, GAP + inner, top);
  context.textAlign = 'start';
  const [from, to] = [GAP + context.measureText(low).width + GAP / 2, GAP + inner - context.measureText(high).width - GAP / 2];
  const strip = context.createLinearGradient(from, 0, to, 0);
  for (const [i, colour] of legend.colours.entries()) strip.addColorStop(i / (legend.colours.length - 1), colour);
  context.fillStyle = strip;
  context.fillRect(from, top + (size - BAR) / 2, Math.max(to - from, 0), BAR);
  context.fillStyle = ink;
  top += step + BAR;
  for (const [i, words] of said.entries()) context.fillText(words, GAP, top + i * step);
  return canvas.convertToBlob({ type: 'image/png' });
}

/**
 * Words in lines that have room; a script without spaces is broken anywhere.
 * @param {string} words
 * @param {number} room
 * @param {(part: string) => number} widthOf
 */
export function wrapped(words, room, widthOf) {
  const parts = words.match(/[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+/gu) ?? [];
  const lines = [''];
  for (const part of parts) {
    const longer = lines[lines.length - 1] + part;
    if (lines[lines.length - 1] && widthOf(longer.trimEnd()) > room) lines.push(part);
    else lines[lines.length - 1] = longer;
  }
  return lines.map((line) => line.trim());
}
