// What is asked about a picture.
import { f } from '../../i18n/index.js';
import { className } from '../../i18n/tables.js';
import { words } from './words.js';

/** @param {Pick<import('./turn.js').Seen, 'of' | 'problem'>} seen */
export function questionOf({ of, problem }) {
  const { question, questionOfValue } = words();
  return (problem === 'value' ? questionOfValue : question)(className(of), f().score(of.probability, problem));
}
