// “擦除”视图的文字。

/** @param {import('../../i18n/format.js').Formatters} f */
export default (f) => ({
  heading: '擦除',
  lead: '在图片上涂抹，得分和热力图会跟着画笔变化。要擦掉什么，网络才会改变主意？',
  missing: '此站点没有可供擦除的图片或网络。',

  pad: {
    label: '要擦除的图片',
    keys: '方向键移动画笔，按住 Shift 时步子更大。空格键落笔。加号和减号改变画笔大小。',
    at: (/** @type {string} */ left, /** @type {string} */ top, /** @type {string} */ size) =>
      `距左边 ${left}，距上边 ${top}，大小 ${size}`,
    canvas: (/** @type {string} */ share) => `图片，已擦除 ${share}`,
    shortcuts: ['方向键：移动', '空格：擦除', '+ −：大小', 'Ctrl Z：撤销'],
  },
  brush: '画笔',
  fills: { blur: '模糊', grey: '灰色', background: '背景', picture: '恢复' },
  fillHints: {
    blur: '颜色还在，细节消失。',
    grey: '各处都是同样的灰色。',
    background: '每一行取左右边缘的颜色。',
    picture: '画笔会恢复原来的内容。',
  },
  size: '画笔大小',
  undo: '撤销',
  redo: '重做',
  clear: '重新开始',
  again: '重新计算',

  heatmap: (/** @type {string} */ name, /** @type {string} */ share) => `擦除图片的 ${share} 之后，支持“${name}”的部分`,
  fainter: '网络越没有把握，热力图越淡。',
  flat: '剩下的部分中没有支持这个类别的内容。',

  scores: '网络有多大把握',
  score: (/** @type {string} */ before, /** @type {string} */ now) => `${before} → ${now}`,
  scoreAloud: (/** @type {string} */ name, /** @type {string} */ before, /** @type {string} */ now) =>
    `${name}：擦除前 ${before}，现在 ${now}`,
  scoresHint: '擦除前 → 现在。点按一个类别即可查看它的热力图。',

  game: {
    heading: '最小的擦除',
    goal: {
      'multi-label': (/** @type {string} */ name, /** @type {string} */ share) => `尽量少擦，直到网络对“${name}”的把握低于 ${share}。`,
      'single-label': (/** @type {string} */ name) => `尽量少擦，直到“${name}”不再是它的首选答案。`,
    },
    never: (/** @type {string} */ name) => `对于整张图片，网络并不认为是“${name}”。请选择另一个类别。`,
    erased: '已擦除的像素',
    stays: '它还没有改变主意。',
    changed: (/** @type {string} */ share) => `擦除 ${share} 的像素之后，它改变了主意。`,
    record: (/** @type {string} */ share) => `您最小的擦除：${share}`,
    show: '显示',
    counts: '笔画下的每个像素都算在内，不论原来是什么颜色。',
    computing: '正在计算……',
  },
  told: (
    /** @type {string} */ share,
    /** @type {string} */ name,
    /** @type {string} */ before,
    /** @type {string} */ now,
    /** @type {string} */ verdict,
  ) => `已擦除 ${share}。${name}：擦除前 ${before}，现在 ${now}。${verdict}`,

  picture: '图片',
  network: '网络',
  networkLabel: '询问哪个网络',
  reduced: (/** @type {number} */ side) => `较大的图片会先缩小到 ${f.number(side)} 像素再擦除。`,
});
