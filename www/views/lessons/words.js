// The words of lessons, their panel and their sheets, which come with their scripts.
import { wordsOf } from '../../i18n/index.js';
import en from './en.js';
import zh from './zh.js';

export const words = wordsOf({ en, zh });
