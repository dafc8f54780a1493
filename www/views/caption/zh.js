// 图片描述。

/** @param {import('../../i18n/format.js').Formatters} f */
export default (f) => {
  const quoted = (/** @type {string[]} */ words) => f.list(words.map((word) => `“${word}”`));
  return {
    heading: '它为什么写下这个词？',
    lead: '网络用一句话描述图片。选择一个词，看看图片中的哪些部分支持它。',
    english: '网络只会读写英语。它是用这样的手绘图形训练的。',
    missing: '此网站没有提供描述图片的网络。图形仍可以摆放。',
    result: '描述与热力图',
    gap: '',
    empty: '网络一个词也没有写就结束了。',
    again: '重新计算',
    total: (/** @type {string} */ share, /** @type {string} */ log, /** @type {boolean} */ own) =>
      `${own ? '您的描述' : '这句描述'}：概率为 ${share}，对数为 ${log}。`,
    how: (/** @type {string} */ method, /** @type {string} */ first, /** @type {string} */ last) =>
      `${method}，位于 ${first}${last === first ? '' : ` 至 ${last}`}`,
    settled: (/** @type {string} */ text, /** @type {boolean} */ own) =>
      text ? `${own ? '您的描述' : '网络写道'}：${text}。` : '网络什么也没有写。',

    words: {
      heading: '描述中的词',
      label: (/** @type {string} */ word, /** @type {string} */ share, /** @type {string[]} */ notes) =>
        [`${word}，${share}`, ...notes].join('，'),
      unknown: '网络不认识这个词',
      readAs: (/** @type {string} */ word) => `读作“${word}”`,
      nothing: '不指任何看得见的东西',
      relation: '由网络所看的位置决定',
      end: '结束',
      endLabel: (/** @type {string} */ share) => `描述到此结束：${share}`,
      whole: '整句',
      join: '选择短语',
      touch: '先按短语的第一个词，再按最后一个词。',
      keys: /** @type {[string[], string][]} */ ([
        [['←', '→'], '选择一个词'],
        [['Shift ← →'], '选择短语'],
        [['Esc'], '回到整句'],
      ]),
    },
    heat: {
      word: (/** @type {string} */ word, /** @type {string} */ share) => `“${word}”：概率为 ${share}`,
      phrase: (/** @type {string} */ phrase) => `“${phrase}”：各词热力图之和`,
      whole: '整句：各词热力图之和',
      label: (/** @type {string} */ text, /** @type {boolean} */ whole) => (whole ? `整句“${text}”的热力图` : `“${text}”的热力图`),
      flat: '图片中没有任何东西支持所选的词。',
      alone: '这个词不指任何看得见的东西，它的热力图说明不了什么。',
      without: (/** @type {string[]} */ words) => `${quoted(words)}不指任何看得见的东西，没有计入总和。`,
      relation: '左、右、上、下由网络所看的位置决定，而它读到的内容并不包含位置。所以这张热力图显示的是读到的内容，不是决定这个词的依据。',
      withoutRelations: (/** @type {string[]} */ words) =>
        `${quoted(words)}没有计入总和：它由网络所看的位置决定，而读到的内容的热力图显示不出位置。`,
    },
    alternatives: {
      heading: '它找到的描述',
      label: (/** @type {string} */ text, /** @type {string} */ share, /** @type {string} */ log) =>
        `${text}：概率为 ${share}，对数为 ${log}`,
      nothing: '没有词',
      beam: '搜索宽度',
      one: '每次取最可能的词',
      beams: (/** @type {number} */ count) => `同时考虑 ${f.number(count)} 句`,
      hint: '这些数是概率的对数。最接近零的描述最可能。',
    },
    own: {
      heading: '给您自己的描述打分',
      label: '您的描述（英语）',
      score: '打分',
      back: '回到网络的描述',
      vocabulary: '它认识的词',
      none: '网络不认识其中任何一个单词。请使用下面列出的词。',
      unknown: (/** @type {string[]} */ words) => `网络不认识${quoted(words)}，会当作未知词来读。`,
    },
    method: {
      heading: '方法',
      method: '方法',
      target: '热力图解释什么',
      hint: '每写一个词，网络都会重新看一遍图片。热力图解释的是它当时读到的内容。',
    },
  };
};
