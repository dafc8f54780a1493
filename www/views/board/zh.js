// 贴纸板。

/**
 * @import { Formatters } from '../../i18n/format.js'
 * @typedef {{ class: string, x: number, y: number, size: number, angle: number }} Described
 */

/** @param {Formatters} f */
export default (f) => {
  const sticker = (/** @type {Described} */ { class: name, x, y, size, angle }) =>
    `${name}，距左边 ${f.percent(x)}，距上边 ${f.percent(y)}，宽 ${f.percent(size)}${angle ? `，旋转 ${Math.round(angle)}°` : ''}`;
  const board = (/** @type {string[]} */ names) => (names.length ? `放着${f.list(names)}的贴纸板` : '空贴纸板');
  const sureOf = (/** @type {string} */ name, /** @type {number} */ share) => `${name}：${f.probability(share)} 的把握`;
  const now = (/** @type {string[]} */ names) => (names.length ? `贴纸板上现在有${f.list(names)}。` : '贴纸板现在是空的。');

  return {
    heading: '看看网络在看哪里',
    lead: '拖动贴纸，热力图会随之变化。它显示网络根据贴纸板的哪些部分认出所选的类别。',
    missing: '贴纸板要用随页面提供的贴纸和网络，但这个网站没有。您仍可在“解释图片”中使用自己的网络。',

    stage: {
      canvas: board,
      stickers: '贴纸板上的贴纸',
      sticker,
      keys: '方向键移动贴纸，加号和减号缩放，方括号旋转，Delete 键删除。',
    },
    hint: {
      pointer: '拉动四角、双指捏合或滚动滚轮，可以缩放和旋转贴纸。',
      /** 按键及其作用。 */
      keys: /** @type {[string[], string][]} */ ([
        [['Tab'], '选择贴纸'],
        [['← ↑ ↓ →'], '移动'],
        [['+', '−'], '缩放'],
        [['[', ']'], '旋转'],
        [['Delete'], '删除'],
        [['Ctrl Z'], '撤销'],
      ]),
    },
    palette: {
      heading: '贴纸',
      hint: '把贴纸拖到贴纸板上，或者点按贴纸。',
      add: (/** @type {string} */ name) => `添加${name}`,
    },
    tools: {
      heading: '选中的贴纸',
      acts: /** @type {Record<string, string>} */ ({
        left: '左移',
        up: '上移',
        down: '下移',
        right: '右移',
        smaller: '缩小',
        larger: '放大',
        back: '向左转',
        forth: '向右转',
        remove: '删除',
      }),
    },
    scene: '场景',
    background: '背景',
    backgrounds: /** @type {Record<string, string>} */ ({ meadow: '蓝天草地', plain: '纯色', gradient: '渐变' }),
    empty: '清空',
    emptyBoard: '清空贴纸板',
    undo: '撤销',
    redo: '重做',

    arrangement: { heading: '热力图的位置', over: '叠在板上', beside: '放在旁边' },
    peek: '只看贴纸',

    class: '热力图的类别',
    second: '对比类别',
    compare: '对比',
    compareLong: '与另一个类别对比',
    drawing: (/** @type {string} */ name, /** @type {string[]} */ names) => `${board(names)}上“${name}”的热力图`,
    sureOf,
    flat: '贴纸板上没有支持这一类的证据。',
    faint: '网络越没有把握，颜色就越淡。',
    again: '重新计算',

    sureness: {
      heading: '网络有多大把握？',
      hint: `网络对每个类别单独判断，所以各个数值相加不等于 ${f.percent(1)}。点按一个类别，可以查看它的热力图。`,
      absent: (/** @type {string} */ share) => `${share}，不在板上`,
      none: '贴纸板是空的，网络也没有认出什么。',
    },
    network: {
      heading: '网络',
      label: '用贴纸场景训练而成',
      option: (
        /** @type {string} */ title,
        /** @type {{ classes: number, bytes: number, license: string }} */ { classes, bytes, license },
      ) => `${title}（${f.number(classes)} 个类别，${f.bytes(bytes)}，${license}）`,
      how: (
        /** @type {{ method: string, layers: string[], milliseconds: number, device: string }} */ { method, layers, milliseconds, device },
      ) => `${method}，${f.list(layers)} 层，在 ${device.toUpperCase()} 上用时 ${f.duration(milliseconds)}。`,
    },
    examine: '用各种方法分析这块贴纸板',
    erase: '擦除这块贴纸板的一部分',

    added: (/** @type {Described} */ one) => `已添加：${sticker(one)}。`,
    removed: (/** @type {string} */ name) => `已删除：${name}。`,
    recoloured: (/** @type {string} */ name) => `现在是${name}。`,
    emptied: '贴纸板现在是空的。',
    undone: (/** @type {string[]} */ names) => `已撤销。${now(names)}`,
    redone: (/** @type {string[]} */ names) => `已重做。${now(names)}`,
    begun: now,
    moved: (/** @type {Described} */ one) => `${sticker(one)}。`,
    settled: (/** @type {{ name: string, probability: number, flat?: boolean }[]} */ classes) =>
      [
        `${classes.map(({ name, probability }) => sureOf(name, probability)).join('，')}。`,
        ...classes.filter(({ flat }) => flat).map(({ name }) => `贴纸板上没有支持“${name}”的证据。`),
      ].join(''),
  };
};
