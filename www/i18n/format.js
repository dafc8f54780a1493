// Numbers, lists and plurals as a language writes them. The words of every language are a function of these.

const MIB = 2 ** 20;
const KIB = 2 ** 10;

/** @param {string} locale a language tag of BCP 47 */
export function formatters(locale) {
  const numbers = new Intl.NumberFormat(locale);
  const lists = new Intl.ListFormat(locale);
  const choices = new Intl.ListFormat(locale, { type: 'disjunction' });
  const plurals = new Intl.PluralRules(locale);
  const number = (/** @type {number | bigint} */ value) => numbers.format(value);
  const percents = [0, 1].map(
    (digits) => new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );

  const decimals = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const figures = new Intl.NumberFormat(locale, { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
  const least = percents[1].format(0.001);

  const probability = (/** @type {number} */ share) =>
    share > 0 && share < 0.0005 ? `<${least}` : percents[share < 0.1 ? 1 : 0].format(share);
  const decimal = (/** @type {number} */ value) => decimals.format(value).replace('-', '−');

  /** Chinese “and” and “or” stand apart from Latin words. */
  const apart = (/** @type {string} */ list) => list.replace(/(?<=[!-~])(?=[和或])|(?<=[和或])(?=[!-~])/g, ' ');

  return {
    number,
    list: (/** @type {string[]} */ words) => apart(lists.format(words)),
    /** One of several: “PNG, JPEG, or WebP”. */
    either: (/** @type {string[]} */ words) => apart(choices.format(words)),
    /** A share from 0 to 1, in whole percent. */
    percent: (/** @type {number} */ share) => percents[0].format(share),
    /** A probability from 0 to 1, with one decimal where it is small; one that is not 0 is not told as 0. */
    probability,
    /** With two decimals, and a true minus. */
    decimal,
    /** A probability; of a network that gives values, the value. */
    score: (/** @type {number} */ score, /** @type {string | undefined} */ problem) => (problem === 'value' ? decimal : probability)(score),
    /** With three figures, however small, and a true minus: `0.0123`, `−1.23 × 10⁻⁵`. */
    figures(/** @type {number} */ value) {
      if (value === 0) return '0';
      const power = Math.floor(Math.log10(Math.abs(value)));
      if (power >= -4) return figures.format(value).replace('-', '−');
      const raised = [...String(-power)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('');
      return `${figures.format(value / 10 ** power).replace('-', '−')} × 10⁻${raised}`;
    },
    bytes: (/** @type {number} */ bytes) => (bytes < MIB ? `${Math.ceil(bytes / KIB)} KiB` : `${(bytes / MIB).toFixed(1)} MiB`),
    duration: (/** @type {number} */ milliseconds) =>
      milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`,
    /** A time that is not known better: `25 s`, `3 min`. */
    roughly: (/** @type {number} */ milliseconds) =>
      milliseconds <= 60_000 ? `${5 * Math.ceil(milliseconds / 5000)} s` : `${Math.ceil(milliseconds / 60_000)} min`,
    /**
     * The form for a count: `plural(2, { one: 'network', other: 'networks' })`.
     * @param {number} count
     * @param {Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }} forms
     */
    plural: (count, forms) => forms[plurals.select(count)] ?? forms.other,
    /** The first letter as a capital, where the script has any. */
    capital: (/** @type {string} */ words) => words && words[0].toLocaleUpperCase(locale) + words.slice(1),
  };
}

/** @typedef {ReturnType<typeof formatters>} Formatters */
