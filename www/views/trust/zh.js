// “可信吗？”视图的文字。

/** @param {import('../../i18n/format.js').Formatters} f */
export default (f) => ({
  heading: '可信吗？',
  lead: '对同一张热力图做四个实验。每个实验只说测到了什么，不说热力图对不对。',
  missing: '此站点没有可供实验的图片或网络。',

  heatmap: (/** @type {string} */ name) => `支持“${name}”的部分`,
  flat: '这一层中没有支持这个类别的内容。热力图处处相同，像素没有先后之分，因此无从测量。',
  score: '得分',
  scored: (/** @type {string} */ value) => `得分 ${value}`,
  scoreHint: '得分是网络给这个类别的概率，从 0 到 1。',
  network: '网络',
  picture: '图片',
  again: '重新计算',

  experiment: '实验',
  experiments: { cover: '遮盖', curves: '曲线', weights: '随机权重', changes: '微小改动' },
  questions: {
    cover: '遮住最热的像素，或者只露出它们，得分会怎样？',
    curves: '按热力图的顺序逐步去掉或放回像素，得分怎样变化？',
    weights: '热力图取决于网络学到的东西吗？',
    changes: '图片几乎不变时，热力图也不变吗？',
  },
  compute: '计算',
  resume: '继续',
  costs: {
    passes: (/** @type {number} */ count) => `需要网络计算 ${f.number(count)} 次。`,
    heatmaps: (/** @type {number} */ count) => `需要计算 ${f.number(count)} 张热力图。`,
  },
  computing: '正在计算……',
  progress: '实验进度',

  cover: {
    share: '像素比例',
    baseline: '用什么遮住',
    baselines: { mean: '平均颜色', blur: '模糊' },
    without: (/** @type {string} */ share) => `遮住最热的 ${share}`,
    alone: (/** @type {string} */ share) => `只露出最热的 ${share}`,
    whole: '整张图片',
    elsewhere: '遮在别处',
    range: (/** @type {string} */ mean, /** @type {string} */ low, /** @type {string} */ high) => `${mean}（${low} 至 ${high}）`,
    hint: (/** @type {number} */ places) => `别处：同样的遮盖移到 ${f.number(places)} 个随机位置；给出平均得分以及最低和最高得分。`,
    said: (
      /** @type {{ name: string, share: string, whole: string, without: string, alone: string, lost: string, kept: string, places: number }} */ a,
    ) =>
      `遮住最热的 ${a.share} 之后，“${a.name}”的得分从 ${a.whole} 变为 ${a.without}；同样大小的遮盖放在别处，得分平均为 ${a.lost}（${f.number(a.places)} 处）。只露出最热的 ${a.share}，得分为 ${a.alone}；在别处露出同样多，得分平均为 ${a.kept}。`,
  },

  curves: {
    step: '已替换的像素比例',
    deletion: '删除',
    insertion: '插入',
    deleted: (/** @type {string} */ share) => `删除最热的 ${share}`,
    inserted: (/** @type {string} */ share) => `插入最热的 ${share}`,
    area: (/** @type {string} */ name, /** @type {string} */ area) => `${name}：面积 ${area}`,
    across: '像素比例',
    chart: (/** @type {string} */ deletion, /** @type {string} */ insertion) =>
      `得分随像素比例的变化。删除曲线下的面积为 ${deletion}，插入曲线下的面积为 ${insertion}。`,
    hint: '删除：从最热的像素开始，换成平均颜色。插入：从最热的像素开始，放回模糊的图片。',
    said: (
      /** @type {{ name: string, whole: string, deleted: string, deletion: string, blurred: string, inserted: string, insertion: string }} */ a,
    ) =>
      `删除使“${a.name}”的得分从 ${a.whole} 变为 ${a.deleted}，曲线下的面积为 ${a.deletion}。插入使得分从 ${a.blurred} 变为 ${a.inserted}，曲线下的面积为 ${a.insertion}。`,
  },

  weights: {
    fresh: '权重随机的模块',
    none: '没有：训练好的网络。',
    some: (/** @type {number} */ count, /** @type {number} */ all, /** @type {string} */ last) =>
      `${f.number(all)} 个模块中的 ${f.number(count)} 个：从分类头到 ${last}。`,
    value: (/** @type {number} */ count, /** @type {number} */ all) => `${f.number(all)} 个中的 ${f.number(count)} 个`,
    trained: '训练好的网络',
    random: (/** @type {number} */ count) => `${f.number(count)} 个随机`,
    absent: '尚未计算',
    rank: (/** @type {string} */ rank) => `等级相关 ${rank}`,
    unranked: '其中一张处处相同，无从比较。',
    across: '权重随机的模块数',
    up: '等级相关',
    chart: '与训练好的网络的热力图的等级相关，随权重随机的模块数的变化',
    picture: (/** @type {string} */ method, /** @type {string} */ what) => `${method}：${what}`,
    hint: '从分类头开始，一个模块接一个模块地换成训练之前的随机权重。等级相关比较的是画出来的大小：1 表示像素的顺序相同，0 表示毫无关系。',
    likeness: (/** @type {string} */ method, /** @type {string} */ rank) => `${method} ${rank}`,
    said: (/** @type {number} */ count, /** @type {number} */ all, /** @type {string[]} */ ranks) =>
      `${f.number(all)} 个模块中有 ${f.number(count)} 个权重随机时，热力图与训练好的网络的热力图的等级相关为：${f.list(ranks)}。`,
  },

  changes: {
    moved: (/** @type {number} */ by) => `向右下移动 ${f.number(by)} 个像素`,
    mirrored: '左右翻转',
    noisy: (/** @type {string} */ by) => `${by} 的噪声`,
    numbers: (/** @type {string} */ rank, /** @type {string} */ score) => `等级相关 ${rank}，得分 ${score}`,
    flat: (/** @type {string} */ score) => `热力图处处相同，无从比较。得分 ${score}`,
    list: '图片的改动',
    hint: '像素是网络输入的像素。比较之前，移动和翻转会先还原。噪声服从正态分布，标准差以颜色范围的比例表示。',
    said: (
      /** @type {{ count: number, low: string, lowest: string, high: string, highest: string, name: string, min: string, max: string }} */ a,
    ) =>
      `做了 ${f.number(a.count)} 种微小改动，与原热力图的等级相关在 ${a.low}（${a.lowest}）和 ${a.high}（${a.highest}）之间。“${a.name}”的得分${a.min === a.max ? `一直是 ${a.min}` : `在 ${a.min} 和 ${a.max} 之间`}。`,
    saidFlat: (/** @type {number} */ count) => `做了 ${f.number(count)} 种微小改动，热力图都处处相同，无从比较。`,
  },

  save: '保存数值',
  saved: (/** @type {string} */ name) => `已保存为 ${name}。`,
});
