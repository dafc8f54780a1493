// “步骤”视图的文字。

/** @param {import('../../i18n/format.js').Formatters} f */
export default (f) => ({
  heading: '步骤：从图片到热力图',
  lead: '热力图是一个层所见内容的加权和。请指向公式中的符号，或指向一个通道。',
  missing: '此站点没有可供拆解的图片或网络。',

  heatmap: (/** @type {string} */ name) => `支持“${name}”的部分`,
  scored: (/** @type {string} */ value) => `得分 ${value}`,
  whole: (/** @type {number} */ count) => `全部 ${f.number(count)} 个通道之和`,
  some: (/** @type {number} */ count, /** @type {number} */ all) => `${f.number(all)} 个通道中 ${f.number(count)} 个之和`,
  flat: '没有大于零的值：这些通道不支持这个类别。',
  network: '网络',
  picture: '图片',
  again: '重新计算',
  budget: (/** @type {number} */ used, /** @type {number} */ all) =>
    `${f.number(all)} 个通道中只试了最活跃的 ${f.number(used)} 个；其余通道的权重为 0。`,

  formula: '公式',
  symbol: (/** @type {string} */ mark, /** @type {string} */ name) => `${mark}：${name}`,
  paper: (/** @type {string} */ source) => `论文：${source}`,
  steps: {
    activations: {
      name: '激活',
      said: '层的每个通道 A 是一张小图，显示网络在哪里找到了某种模式。亮的地方响应强。',
    },
    gradients: {
      name: '梯度',
      said: '梯度 g 表示某处的激活稍微增大时，得分 y 会怎样变化。红色处使得分升高，蓝色处使得分降低。',
    },
    weights: { name: '权重', said: '' },
    sum: {
      name: '加权和',
      said: '每个通道乘以自己的权重，再逐像素相加。关掉一个通道，减少的正好是它的那一份。',
    },
    relu: {
      name: 'ReLU（取正）',
      said: 'ReLU 把小于零的值变为零：那些值反对这个类别。留下的是支持它的部分。',
    },
    upsampling: {
      name: '上采样',
      said: '层比图片粗糙，因此把热力图放大后叠在图片上。中间的值是平滑过渡，并不增加层中没有的信息。',
    },
  },
  weights: /** @type {Record<string, string>} */ ({
    'grad-cam': '通道的权重是它的梯度在全部 Z 个像素上的平均值。使得分升高的通道，权重大于零。',
    'grad-cam++': '每个像素的正梯度按自己的份额 α 计入，相加就是权重。因此小物体也能与大物体并列。',
    cam: '权重 W 是最后一层为这个通道和类别 c 学到的数。CAM 要求网络以池化和一个线性层结尾。',
    'layer-cam': '通道的每个像素都有自己的权重：它的梯度中大于零的部分。柱条显示平均值。',
    'hires-cam': '通道的每个像素都有自己的权重：它的梯度，不取平均。柱条显示平均值。',
    'xgrad-cam': '权重是梯度的平均值，像素越活跃，计入越多。通道没有响应的地方，梯度不计入。',
    'score-cam': '把通道放大并归一化到 0…1，作为蒙版 m 遮住图片 x，由网络给剩下的部分打分。对各通道的得分做 softmax，就得到权重。',
    'ss-cam': '把通道放大并归一化到 0…1，作为蒙版 m 遮住图片 x，共 N 次，每次加噪声 ε。对各通道的平均得分做 softmax，就得到权重。',
    'is-cam': '把通道放大并归一化到 0…1，作为蒙版 m，分 N 步在图片 x 上打开。对各通道的平均得分做 softmax，就得到权重。',
    'ablation-cam': '把通道设为零，网络从这一层起重新计算得分。权重是失去的得分所占的比例。',
  }),

  channel: (/** @type {number} */ channel) => `通道 ${f.number(channel)}`,
  activationsOf: (/** @type {number} */ channel) => `通道 ${f.number(channel)} 的激活 A`,
  gradientsOf: (/** @type {number} */ channel) => `通道 ${f.number(channel)} 的梯度 g`,
  weightsOf: (/** @type {number} */ channel) => `通道 ${f.number(channel)} 的逐像素权重 w`,
  barsOf: (/** @type {number} */ count) => `${f.number(count)} 个通道的权重 w（柱条）`,
  weighs: (/** @type {string} */ weight) => `w = ${weight}`,
  weighsOnAverage: (/** @type {string} */ weight) => `w 的平均值 = ${weight}`,
  adds: (/** @type {string} */ part) => `贡献 ${part}`,
  range: (/** @type {string} */ low, /** @type {string} */ high) => `${low} 至 ${high}`,
  pictures: '公式中的图片',
  sum: '和（ReLU 之前）',
  map: '热力图（ReLU 之后）',
  enlarged: '叠在图片上的热力图',

  list: '通道（按贡献排序）',
  listHint: '通道的贡献是 w · A 在整张热力图上的平均值。',
  counting: '计入的通道',
  chosen: { all: '全部', positive: '去掉负的', negative: '只要负的', none: '全部不计' },
  first: '顺序',
  orders: { most: '从多到少', least: '从少到多' },
  own: '总是用全部颜色',
  counts: (/** @type {number} */ channel) => `计入通道 ${f.number(channel)}`,
  only: '只看它',
  onlyThis: (/** @type {number} */ channel) => `只计入通道 ${f.number(channel)}`,
  shows: (/** @type {number} */ channel) => `显示通道 ${f.number(channel)}`,
  more: (/** @type {number} */ count) => `再显示 ${f.number(count)} 个通道`,

  pixel: (/** @type {number} */ column, /** @type {number} */ row) => `第 ${f.number(column)} 列、第 ${f.number(row)} 行的像素`,
  pixelHint: '指向“和”可读取其他像素，也可用方向键移动。',
  others: (/** @type {number} */ count) => `另外 ${f.number(count)} 个通道`,
  total: '和',
  after: 'ReLU 之后',
  read: (/** @type {number} */ column, /** @type {number} */ row, /** @type {string} */ sum, /** @type {string} */ map) =>
    `第 ${f.number(column)} 列、第 ${f.number(row)} 行：和为 ${sum}，ReLU 之后为 ${map}`,
  product: 'w · A',
});
