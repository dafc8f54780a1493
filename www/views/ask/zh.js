// 就图形画板提问。

/** @param {import('../../i18n/format.js').Formatters} f */
export default (f) => ({
  heading: '就图片提问',
  lead: '一个小型网络回答您的问题。热力图显示图片的哪些部分支持每个答案。修改画板，热力图随之变化。',
  missing: '这个网站没有回答问题的网络。画板仍然可以使用。',
  question: '您的问题（英文）',
  ask: '提问',
  examples: '示例',
  english: (/** @type {number} */ words) => `网络只读写英文${words ? `，认识 ${f.number(words)} 个单词` : ''}，而且只学过画出来的图形。`,
  words: {
    none: '网络不认识其中任何一个单词。请就某个图形或某种颜色提问。',
    unknown: (/** @type {string[]} */ words) => `网络不认识${f.list(words.map((word) => `“${word}”`))}，会当作生词来读。`,
    readAs: (/** @type {string} */ word, /** @type {string} */ as) => `“${word}”会读作“${as}”。`,
    gap: '',
  },

  answers: '答案',
  press: '点按一个答案，查看它的热力图。',
  another: '+ 另一个答案',
  full: (/** @type {number} */ most) => `最多 ${f.number(most)} 张热力图`,
  card: {
    plus: '+',
    sum: '加上另一个答案的得分',
    sumWith: (/** @type {string} */ name) => `给“${name}”加上另一个答案的得分`,
    remove: (/** @type {string} */ name) => `移除“${name}”的热力图`,
    drawing: (/** @type {string} */ name, /** @type {string} */ question, /** @type {string} */ layer) =>
      `问题“${question}”的答案“${name}”由图片的哪些部分支持：${layer} 层的热力图`,
    at: (/** @type {string} */ layer) => `${layer} 层`,
    flat: '这一层没有支持这个答案的内容。',
    added: '这些答案的得分相加，概率也相加。',
  },
  scale: (/** @type {number} */ answers, /** @type {number} */ layers) =>
    [...(answers > 1 ? ['所有答案共用一个色标，可以比较强弱。'] : []), ...(layers > 1 ? ['每一层各有自己的色标。'] : [])].join(''),
  again: '重新计算',

  before: {
    heading: '读问题之前与之后',
    first: '之前',
    firstDetail: (/** @type {string} */ layer) => `${layer} 层：问题还没有影响到这一层。`,
    last: '之后',
    lastDetail: (/** @type {string} */ layer, /** @type {string} */ question) => `${layer} 层，网络已经读过“${question}”`,
    drawing: (/** @type {string} */ heading, /** @type {string} */ detail) => `网络的响应。${heading}：${detail}`,
    seen: '这两张热力图显示一层在哪里响应最强（EigenCAM），不属于任何答案。无论问什么，第一张都不变；第二张显示问题留下了什么。两张各有自己的色标。',
  },
  how: {
    method: '方法',
    layer: '层',
    beside: '并列显示',
    none: '没有其他层',
    usual: (/** @type {string} */ layer) => `${layer}（读问题之后）`,
    encoded: (/** @type {string} */ layer) => `${layer}（读问题之前）`,
    glance: (/** @type {string} */ layer) => `${layer}（问题先看哪里）`,
    region: (/** @type {string} */ layer) => `${layer}（问题接着看哪里）`,
    gate: (/** @type {string} */ layer) => `${layer}（从哪里读出答案）`,
    took: (
      /** @type {{ method: string, layers: string[], milliseconds: number, device: string }} */ { method, layers, milliseconds, device },
    ) => `${method}，${f.list(layers)} 层，在 ${device.toUpperCase()} 上用时 ${f.duration(milliseconds)}。`,
  },
  saving: { how: (/** @type {string} */ method, /** @type {string[]} */ layers) => `${method}，${f.list(layers)} 层。每一层一个色标。` },

  settled: (/** @type {{ name: string | null, probability: number }[]} */ top) =>
    `答案：${f.list(top.map(({ name, probability }) => `${name}，${f.probability(probability)}`))}。`,
  flat: (/** @type {string[]} */ names) => `没有支持${f.list(names)}的内容。`,
});
