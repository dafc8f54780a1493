// The words of the view Camera, which come with its script.
import { wordsOf } from '../../i18n/index.js';
import en from './en.js';
import zh from './zh.js';

export const words = wordsOf({ en, zh });
