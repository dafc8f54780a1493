// Shapes: sixteen kinds in eight colours. The library draws them from the same table; what it computes of it is in
// src/scenes/shapes/drawing.rs and palette.rs. A shape is a sticker of the class “colour kind”.
import table from '../../src/scenes/shapes/drawings.json' with { type: 'json' };

/**
 * @import { Context } from './painting.js'
 *
 * @typedef {[number, number, number]} Rgb
 * @typedef {{ tone: string, path: string, stroke?: number, inside?: boolean }} Layer
 */

const BOX = 100; // units of a drawing's side
const MARGIN = 2; // units around it, for the outline

export const KINDS = table.kinds.map(({ name }) => name);
export const COLOURS = table.colours.map(({ name }) => name);

/** The class of a kind in a colour. */
export const shapeOf = (/** @type {string} */ colour, /** @type {string} */ kind) => `${colour} ${kind}`;

/** Colour and kind of a class; null where it is no shape. */
export function partsOf(/** @type {string} */ name) {
  const [colour, kind, ...rest] = name.split(' ');
  return COLOURS.includes(colour) && KINDS.includes(kind) && !rest.length ? { colour, kind } : null;
}

/** The share of its box that a kind covers. */
export const fillOf = (/** @type {string} */ kind) => table.kinds[KINDS.indexOf(kind)].fill;

/** A colour as CSS writes it. */
export const cssOf = (/** @type {string} */ colour) => css(rgbOf(table.colours[COLOURS.indexOf(colour)].hsl));

/** All shapes, as a sheet of stickers: `painter(canvas, SHAPES)` paints scenes of them. @type {import('./painting.js').Stickers} */
export const SHAPES = {
  classes: KINDS.flatMap((kind) => COLOURS.map((colour) => shapeOf(colour, kind))),

  /**
   * Draws a class's shape around the origin, its box `side` pixels wide.
   * @param {Context} context
   * @param {string} name
   * @param {number} side
   */
  draw(context, name, side) {
    const { outline, layers } = drawingOf(name);
    context.save();
    context.scale(side / BOX, side / BOX);
    context.translate(-BOX / 2, -BOX / 2);
    context.lineCap = context.lineJoin = 'round';
    const stroke = (/** @type {Path2D} */ path, /** @type {number} */ width, /** @type {string} */ colour) => {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.stroke(path);
    };
    for (const { path, width, colour } of outline) stroke(pathOf(path), width, colour);
    for (const { path, width, colour } of layers) {
      if (width) stroke(pathOf(path), width, colour);
      else {
        context.fillStyle = colour;
        context.fill(pathOf(path));
      }
    }
    context.restore();
  },

  /** The styles that show a class's shape as the background of an element. */
  styleOf: (/** @type {string} */ name) => ({ background: `url("${iconOf(name)}") center / contain no-repeat` }),
};

/**
 * What is drawn of a class: first lines of the outline's colour around all but what lies inside, then the layers.
 * @typedef {{ path: string, width: number, colour: string }} Stroke one of no width is filled
 * @returns {{ outline: Stroke[], layers: Stroke[] }}
 */
function drawingOf(/** @type {string} */ name) {
  const { colour, kind } = /** @type {{ colour: string, kind: string }} */ (partsOf(name));
  const { hsl } = table.colours[COLOURS.indexOf(colour)];
  const { dark, light } = table.tones;
  const body = rgbOf(hsl);
  /** @type {Record<string, number[]>} */
  const tones = { body, shade: mixed(body, [0, 0, 0], 0.2), dark, light };
  const around = css(outlineOf(hsl[2], body));
  const layers = /** @type {Layer[]} */ (table.kinds[KINDS.indexOf(kind)].layers);
  return {
    outline: layers
      .filter(({ inside }) => !inside)
      .map(({ path, stroke = 0 }) => ({ path, width: stroke + 2 * table.outline, colour: around })),
    layers: layers.map(({ path, stroke = 0, tone }) => ({ path, width: stroke, colour: css(tones[tone]) })),
  };
}

/** So that a shape stands out from a background of its own colour. */
function outlineOf(/** @type {number} */ lightness, /** @type {number[]} */ rgb) {
  if (lightness < 20) return mixed(rgb, [255, 255, 255], 0.7);
  return lightness >= 90 ? mixed(rgb, [0, 10, 25], 0.6) : mixed(rgb, [0, 0, 0], 0.55);
}

/** `share` of `b` in `a`. */
const mixed = (/** @type {number[]} */ a, /** @type {number[]} */ b, /** @type {number} */ share) =>
  a.map((value, c) => Math.round(value * (1 - share) + b[c] * share));

/** As CSS defines `hsl()`. */
function rgbOf([hue, saturation, lightness] = /** @type {number[]} */ ([])) {
  const [s, l] = [saturation / 100, lightness / 100];
  const reach = s * Math.min(l, 1 - l);
  return [0, 8, 4].map((shift) => {
    const k = (shift + hue / 30) % 12;
    return Math.round(255 * (l - reach * Math.min(Math.max(Math.min(k - 3, 9 - k), -1), 1)));
  });
}

const css = (/** @type {number[]} */ rgb) => `rgb(${rgb.join(' ')})`;

/** @type {Map<string, Path2D>} */
const paths = new Map();

function pathOf(/** @type {string} */ written) {
  const path = paths.get(written) ?? new Path2D(written);
  paths.set(written, path);
  return path;
}

/** @type {Map<string, string>} */
const icons = new Map();

/** The address of a class's shape as an SVG picture. */
function iconOf(/** @type {string} */ name) {
  const known = icons.get(name);
  if (known) return known;
  const { outline, layers } = drawingOf(name);
  const drawn = [...outline, ...layers].map(({ path, width, colour }) => {
    const paint = width ? `fill="none" stroke="${colour}" stroke-width="${width}"` : `fill="${colour}"`;
    return `<path d="${path}" ${paint}/>`;
  });
  const box = `${-MARGIN} ${-MARGIN} ${BOX + 2 * MARGIN} ${BOX + 2 * MARGIN}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" stroke-linecap="round" stroke-linejoin="round">${drawn.join('')}</svg>`;
  const icon = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  icons.set(name, icon);
  return icon;
}
