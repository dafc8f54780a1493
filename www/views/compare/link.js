// The address that asks in Explain what a cell asks.
import { hashOf } from '../../state/address.js';
import { explain } from '../../state/explain.js';
import { contrastWith } from '../../state/target.js';

/**
 * Null of a cell that is not done: only then the class is known.
 * @param {import('./cell.js').Cell} cell
 * @param {Pick<import('../../state/compare.js').Compare, 'colormap' | 'opacity'>} style
 */
export function hrefOf({ asked, answer }, { colormap, opacity }) {
  if (!answer) return null;
  const { picture, network: model, method, layer } = asked;
  const classes = asked.class === null ? [] : [answer.of.id];
  return hashOf('explain', {
    ...explain.initial,
    picture,
    model,
    method,
    classes,
    target: answer.rival ? contrastWith(answer.rival.id) : null,
    layers: layer === null ? [] : [layer],
    colormap,
    opacity,
  });
}
