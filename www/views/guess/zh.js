// “先猜一猜”视图的文字。

/** @param {import('../../i18n/format.js').Formatters} f */
export default (f) => ({
  heading: '先猜一猜',
  lead: '网络在看哪里？把圆圈放到那里，再揭晓它的热力图。十张图片为一轮。',
  missing: '此站点没有可供猜测的网络。',

  place: (/** @type {number} */ at, /** @type {number} */ all) => `第 ${f.number(at)} 张，共 ${f.number(all)} 张`,
  round: (/** @type {number} */ round) => `第 ${f.number(round)} 轮`,
  ownRound: '您自己的图片',
  question: (/** @type {string} */ name, /** @type {string} */ share) => `网络有 ${share} 的把握认为有“${name}”。它是在哪里看到的？`,
  questionOfValue: (/** @type {string} */ name, /** @type {string} */ value) => `网络给“${name}”的值是 ${value}。它是在哪里看到的？`,
  waiting: '网络正在看这张图片……',
  awaited: '热力图即将显示……',
  empty: '此站点没有可供猜测的图片。请选择您自己的图片。',
  lost: '无法取得这张图片。',
  skip: '跳过这张图片',

  pad: {
    label: '图片和您的圆圈',
    keys: '方向键移动圆圈，按住 Shift 时步子更大。加号和减号改变大小。回车键揭晓热力图。',
    at: (/** @type {string} */ left, /** @type {string} */ top, /** @type {string} */ size) =>
      `距左边 ${left}，距上边 ${top}，大小 ${size}`,
    shortcuts: ['方向键：移动', '+ −：大小', '回车：揭晓'],
  },
  picture: '没有热力图的图片',
  heatmap: (/** @type {string} */ name) => `支持“${name}”的部分`,
  size: '圆圈大小',
  reveal: '揭晓',
  next: '下一张图片',
  result: '查看结果',
  back: '返回结果',
  again: '重试',

  found: '各个圆圈包含了热力图的多少',
  you: '您',
  bestShort: '最佳',
  yours: '您的圆圈',
  best: '同样大小的最佳圆圈',
  chance: '随意放置的同样大小的圆圈',
  flat: '热力图是空的：该层中没有支持这个类别的内容。这张图片不计分。',
  points: (/** @type {string} */ points, /** @type {string} */ byChance) => `100 分中得 ${points} 分；随意放置的圆圈得 ${byChance} 分。`,
  meaning: '得分：您的圆圈所含的热力图，占同样大小的最佳圆圈所含的百分之几。',
  anywhere: '“随意放置”是所有同样大小的圆圈的平均值。',
  dashed: '虚线圆圈是最佳圆圈。',
  told: (/** @type {string} */ yours, /** @type {string} */ best, /** @type {string} */ chance, /** @type {string} */ points) =>
    `您的圆圈包含热力图的 ${yours}，最佳圆圈 ${best}，随意放置的圆圈 ${chance}。${points}`,

  results: '本轮至今',
  whole: '本轮结果',
  columns: { picture: '序号', of: '类别', yours: '您', best: '最佳', chance: '随意', points: '得分' },
  mean: '平均',
  show: (/** @type {number} */ which) => `显示第 ${f.number(which)} 张图片`,
  unknown: '……',
  none: '—',
  beaten: (/** @type {string} */ points, /** @type {string} */ byChance) =>
    `您平均得 ${points} 分（满分 100 分）。随意放置的圆圈平均得 ${byChance} 分。`,
  more: '下一轮',
  restart: '重玩这一轮',

  network: '询问哪个网络',
  pictures: '其他图片',
  choose: '用您自己的图片来玩',
  chosen: (/** @type {number} */ most) => `选择或拖入最多 ${f.number(most)} 张图片。它们只保存在本设备上。`,
  leave: '重新用贴纸来玩',
  unsuited: '这个网络只认识照片，没有见过贴纸。请选择您自己的图片。',
});
