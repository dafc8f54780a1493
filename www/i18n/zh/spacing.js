// 汉字与西文之间的空格。

/** 跟在汉字之后的词：以西文开头时先空一格。 */
export const led = (/** @type {string} */ word) => (/^[!-~]/.test(word) ? ` ${word}` : word);

/** 后面跟着汉字的词：以西文结尾时后空一格。 */
export const trailed = (/** @type {string} */ word) => (/[!-~]$/.test(word) ? `${word} ` : word);
