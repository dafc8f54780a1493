// “解释图片”视图的文字。
import { trailed } from '../../i18n/zh/spacing.js';

/** @typedef {import('./en.js').How} How */

/** @param {import('../../i18n/format.js').Formatters} f */
export default (f) => ({
  title: '解释一张图片',

  heatmap: {
    empty: '尚无热力图',
    behind: '正在更新……',
    outdated: '不是最新结果',
  },
  /** 按所缺的内容。 */
  needs: {
    both: '请选择图片和网络，热力图会显示在这里。',
    picture: '请选择图片，热力图会显示在这里。',
    weights: '请选择网络，热力图会显示在这里。',
  },
  outputs: {
    map: (/** @type {string} */ name) => `${trailed(name)}的热力图`,
    picture: (/** @type {string} */ name) => `${trailed(name)}的正负值图`,
  },
  drawn: (/** @type {string[]} */ labels, /** @type {string[]} */ notes) => [`${f.list(labels)}。`, ...notes].join(''),
  again: '重新计算',
  erase: '擦除',
  trust: '可信吗？',
  steps: '逐步查看',
  alone: '只看原图',
  legend: { map: ['弱', '强'], raw: ['最低', '最高'] },

  caption: {
    heading: (/** @type {string} */ name, /** @type {string} */ score) => `${name}：${score}`,
    score: {
      'multi-label': (/** @type {string} */ share) => `图中有它的把握为 ${share}`,
      'single-label': (/** @type {string} */ share) => `概率 ${share}`,
      'yes-no': (/** @type {string} */ share) => `概率 ${share}`,
      value: (/** @type {string} */ value) => value,
    },
    how: (/** @type {How} */ { method, preset, layers, merge, network, smooth, target }) =>
      [
        `${method}${preset ? `（${preset}）` : ''}`,
        `${network}${layers ? ` 的 ${layers} 层` : ''}`,
        ...(merge ? [`合并方式：${merge}`] : []),
        ...(smooth ? ['已平滑'] : []),
        ...(target ? [target] : []),
      ].join('，'),
    rival: (/** @type {string} */ name) => `与“${name}”对比`,
    /** 按层数；2 表示多层。 */
    flat: ['图中没有支持这一类的证据。', '这一层中没有支持这一类的证据。', '这些层中没有支持这一类的证据。'],
    noPlace: '这一层的热力图只有 1×1，无法显示位置。请选择更早的层。',
    budget: (/** @type {number} */ used, /** @type {number} */ of, /** @type {number} */ share) =>
      `共 ${f.number(of)} 个通道，试了 ${f.number(used)} 个，占激活总量的 ${f.percent(share)}。`,
    total: (/** @type {number} */ milliseconds, /** @type {string} */ kind) => `用时 ${f.duration(milliseconds)}（${kind.toUpperCase()}）`,
    time: (/** @type {string} */ name, /** @type {number} */ milliseconds) => `${name}：${f.duration(milliseconds)}`,
  },
  profile: {
    title: '各层用时',
    measure: '逐层计时',
    gpu: '逐层计时只能在 CPU 上进行，而这里由 GPU 计算。',
    columns: {
      layer: '层',
      output: '输出',
      flops: 'MFLOP',
      bytes: 'MB',
      forward: '前向 ms',
      forwardRate: 'GFLOP/s',
      backward: '反向 ms',
      backwardRate: 'GFLOP/s',
    },
    whole: '整个网络',
    peak: (/** @type {string} */ rate) => `同一引擎在这台设备上做矩阵乘法，最快为 ${rate} GFLOP/s。横条表示与最慢一层的比例。`,
  },
  /** Leads to the field of an assumption. */
  correct: (/** @type {string} */ field) => `修改“${field}”`,
  doubt: {
    stickers: '这是一张照片吗？这个网络仍然只能用贴纸的名称来回答。',
    people: '这是其他类型的图片吗？这个网络仍然只能回答“医生”或“护士”。',
    offer: (/** @type {string} */ title, /** @type {number} */ bytes) => `改用能识别照片的 ${title}（${f.bytes(bytes)}）`,
  },

  readout: {
    area: (/** @type {string} */ name) => `${trailed(name)}的热力图数值`,
    keys: '用方向键在图片上移动十字线；按住 Shift 键移动得更快。',
    value: (/** @type {string} */ share, /** @type {string} */ name) => `${name}：最大值的 ${share}`,
    at: (/** @type {string} */ value, /** @type {string} */ left, /** @type {string} */ top) => `${value}，距左边 ${left}，距上边 ${top}`,
    original: '没有热力图的原图',
  },

  sections: {
    result: '热力图',
    classes: '类别',
    picture: '图片',
    network: '网络',
    method: '方法与参数',
    layers: '网络层',
    appearance: '外观',
  },

  classes: {
    numbered: (/** @type {number} */ id) => `类别 ${id}`,
    named: (/** @type {string} */ name, /** @type {number} */ id) => `${name}（类别 ${id}）`,
    top: '概率最高的类别',
    none: (/** @type {number} */ count) => `概率最高的 ${f.number(count)} 个类别会显示在这里。`,
    compare: (/** @type {string} */ name) => `对比“${name}”`,
    search: '按名称或编号搜索所有类别',
    matching: '匹配的类别',
    matches: (/** @type {number} */ shown, /** @type {number} */ all) =>
      all === 0 ? '没有匹配的类别。' : shown < all ? `共 ${f.number(all)} 个匹配的类别，列出了前 ${shown} 个。` : `${all} 个匹配的类别。`,
    probabilities: {
      'multi-label': '网络认为每个类别出现在图中的把握。各个类别分别判断。',
      'single-label': `每个类别的概率。所有类别的概率之和为 ${f.percent(1)}。`,
      'yes-no': '网络只有一个输出，回答“是”或“否”。两种回答各有一张热力图。',
      value: '网络给出的是数值，而不是概率。热力图显示是什么使数值升高。',
    },
  },

  method: {
    method: '方法',
    summary: (/** @type {string} */ summary, /** @type {string} */ source) => `${summary}。${source}。`,
    settings: '方法的参数',
    preset: '预设',
    asPublished: '与论文一致',
    more: '解释目标与预处理',
    target: '热力图解释什么',
    otherClass: '按名称或编号搜索另一类',
    rival: (/** @type {string} */ name) => `另一类：${name}`,
    runnerUp: '另一类：概率第二高的类别',
    preprocess: '图片如何放进输入',
    smooth: (/** @type {number} */ copies) =>
      `平滑：对图片的 ${f.number(copies)} 个副本（镜像、变暗、变亮）取平均；用时为原来的 ${f.number(copies)} 倍。`,
    /** 方法的种类：按它们看什么，以及结果是图片的方法。 */
    kinds: /** @type {Record<string, string>} */ ({
      gradients: '利用某一层的激活和梯度，只需一次传播',
      activations: '利用某一层的激活，有些另做多次传播',
      nothing: '利用遮挡图片后的得分',
      picture: '以正负值图显示梯度',
    }),
  },

  layers: {
    unused: '这种方法不看任何层，只看图片和得分。',
    none: '网络的各层会显示在这里。',
    previews: '网络各块给出的热力图',
    preview: (/** @type {string} */ name) => `${name} 层`,
    showPreviews: '显示各块的热力图',
    depth: '在网络中的深度',
    first: '第一层',
    last: '最后一层',
    layer: '层',
    option: (/** @type {import('../../engine/protocol.d.ts').LayerInfo} */ { name, shape }) => `${name}（${shape.join(' × ')}）`,
    further: '其他层',
    place: (/** @type {number} */ place) => `第 ${place} 个层`,
    remove: (/** @type {number} */ place) => `移除第 ${place} 个层`,
    merge: '各层的热力图如何合并',
    add: '与另一层合并',
  },

  appearance: {
    formula: '叠加方式',
    raw: '这种叠加方式直接显示正负值，下面各项不起作用。',
    colormap: '配色',
    opacity: '不透明度',
    threshold: '隐藏低于此值的部分',
  },

  window: {
    heading: '显示的值',
    black: '黑',
    white: '白',
    all: '显示所有值',
  },

  save: {
    open: '保存',
    copy: '复制',
    entries: {
      overlay: '带热力图的图片',
      heatmap: '只有热力图',
      captioned: '带图例和图注',
      npy: 'NumPy 数值',
      csv: '数值表格',
      json: '结果与全部设置',
      copyPicture: '复制图片',
      copyLink: '复制链接',
    },
    formats: { overlay: 'PNG', heatmap: 'PNG', captioned: 'PNG', npy: 'NPY', csv: 'CSV', json: 'JSON', copyPicture: 'PNG', copyLink: '' },
    sized: (/** @type {string} */ format, /** @type {number} */ width, /** @type {number} */ height) => `${format}，${width} × ${height}`,
    made: '由 CAM Lucida 生成',
    waiting: '当前计算完成后保存…',
    saved: (/** @type {string[]} */ names) => `已保存：${f.list(names)}。`,
    copiedPicture: '图片已复制到剪贴板。',
    copiedLink: '链接已复制到剪贴板。',
    copiedLinkOwn: '链接已复制到剪贴板，但不包含您自己的文件。',
    notCopied: '浏览器不允许在此复制。',
  },
});
