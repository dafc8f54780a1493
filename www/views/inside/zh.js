// 视图“看看内部”的文字。

/** @param {import('../../i18n/format.js').Formatters} f */
export default (f) => ({
  heading: '看看内部',
  lead: '每一层都把图片变成许多通道：一张张小图，网络在哪里有所发现，哪里就亮。选一个通道，看看它对什么有反应。',
  missing: '本站没有可供查看的神经网络或图片。',
  computing: '正在处理……',
  again: '重新计算',
  network: '神经网络',
  picture: '换一张图片',
  layer: '层',
  layerOf: (/** @type {string} */ name, /** @type {number} */ channels, /** @type {number} */ rows, /** @type {number} */ columns) =>
    `${name}：${f.number(channels)} × ${rows} × ${columns}`,
  order: '顺序',
  orders: { number: '按编号', strength: '最强在前' },
  scale: '颜色',
  scales: { shared: '统一刻度', own: '各自刻度' },
  blocks: (/** @type {number} */ block) => `图中每个值是 ${block} × ${block} 个位置的平均值。`,

  sheet: (/** @type {number} */ channels, /** @type {number} */ rows, /** @type {number} */ columns) =>
    `${f.number(channels)} 个通道，各有 ${rows} × ${columns} 个位置`,
  option: (/** @type {number} */ channel, /** @type {number} */ max) => `通道 ${channel}，最高 ${f.decimal(max)}`,
  figure: (/** @type {number} */ channel) => `网络看到的图片，上面以颜色显示通道 ${channel}`,
  channel: (/** @type {number} */ channel, /** @type {number} */ channels) => `通道 ${channel}（共 ${f.number(channels)} 个）`,
  numbers: (/** @type {string} */ max, /** @type {string} */ mean, /** @type {string} */ min) => `最高 ${max}，平均 ${mean}，最低 ${min}`,
  framePatch: (/** @type {number} */ side) => `方框标出它最强的地方：${side} × ${side} 像素，与图块一样大。`,
  frameField: '方框标出它最强的位置所能看到的全部范围。',

  answers: '它对什么有反应',
  backdrop: '背景',
  answer: (/** @type {string} */ what, /** @type {string} */ share, /** @type {string} */ n) =>
    `${what}：占最强图块的 ${share}（n = ${n}）。`,
  share: (/** @type {string} */ what, /** @type {string} */ share) => `${what} ${share}`,
  more: (/** @type {string[]} */ next, /** @type {string} */ chance) =>
    `${next.length ? `其次：${f.list(next)}。` : ''}任意位置：${chance}。`,
  patches: '最能激发它的图块及其强度',
  never: (/** @type {string} */ scenes) => `在全部 ${scenes} 个留出场景中它都是零。`,
  here: '在这张图片上',
  compared: (/** @type {string} */ here, /** @type {string} */ best) => `在这张图片上最高为 ${here}；在最强的图块上为 ${best}。`,
  silent: '在这张图片上它是零。',
  how: (/** @type {string} */ scenes, /** @type {string} */ active, /** @type {string} */ kept) =>
    `在 ${scenes} 个留出场景中，有 ${active} 能激发它。每个场景只计一个位置；图块算作其中像素最多的事物。只剩这样的图块时，强度平均保留 ${kept}。`,
  others: (/** @type {string[]} */ layers) => `已知的是 ${f.list(layers)} 的通道。`,
  unknown: '只知道默认网络最后几层的通道对什么有反应。',
});
