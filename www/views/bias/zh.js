import { trailed } from '../../i18n/zh/spacing.js';

/** @typedef {{ label: string, hair: string, tool: string }} About */

const LABELS = /** @type {Record<string, string>} */ ({ doctor: '医生', nurse: '护士' });
const HAIR = /** @type {Record<string, string>} */ ({ short: '短发', long: '长发' });
const TOOLS = /** @type {Record<string, string>} */ ({ stethoscope: '戴着听诊器', syringe: '手持注射器' });

/** @param {import('../../i18n/format.js').Formatters} f */
export default (f) => {
  const network = (/** @type {string} */ name) => ({ 'people-biased': '网络 A', 'people-balanced': '网络 B' })[name] ?? name;
  const person = (/** @type {About} */ { label, hair, tool }) => `${HAIR[hair] ?? hair}${LABELS[label] ?? label}，${TOOLS[tool] ?? tool}`;
  const covers = (/** @type {number | undefined} */ share) => (share === undefined ? '' : `（占图片的 ${f.percent(share)}）`);

  return {
    heading: '医生还是护士？',
    lead: '两个网络都学会了区分医生和护士。医生戴着听诊器，护士手持注射器。两个网络都答得很有把握，但其中一个看的其实是别的东西。',
    ask: '它在看什么？',
    missing: '此网站没有提供这个视图所需的网络和图片。',
    people: '人物',
    networks: '网络',
    both: '两个都看',
    classes: '热力图解释',
    prediction: '它的回答',
    network,
    person,
    answer: (/** @type {string} */ name, /** @type {number} */ probability, /** @type {boolean} */ right) =>
      `“${name}”，${f.probability(probability)} 的把握：${right ? '正确' : '错误'}`,
    says: (/** @type {string} */ name, /** @type {string} */ answer, /** @type {string} */ note) => `${network(name)}：${answer}。${note}`,
    drawing: (/** @type {string} */ name, /** @type {string} */ label, /** @type {About} */ about) =>
      `${trailed(network(name))}判断为“${label}”的依据：热力图叠加在图片上（${person(about)}）`,
    flat: '这一层中没有支持这一类的证据。',
    again: '重新计算',
    look: '看头发，还是看器具？',
    task: '找出一个网络判断错误、另一个判断正确的人物。两张图的热区有什么不同？一张热力图说明不了什么，要看换人之后哪些地方始终不变。',
    telling: '有两个人露了馅：',
    measured: (
      /** @type {string} */ name,
      /** @type {number} */ count,
      /** @type {{ accuracy: number, hair: number, tool: number }} */ { accuracy, hair, tool },
      /** @type {{ hair: number, tool: number } | undefined} */ parts,
    ) =>
      `${trailed(network(name))}在 ${f.number(count)} 个人物中判断正确的占 ${f.percent(accuracy)}。平均而言，它的热力图有 ${f.percent(hair)} 落在头发上${covers(parts?.hair)}，${f.percent(tool)} 落在器具上${covers(parts?.tool)}。`,
    explained: '真相是什么',
    biased:
      '网络 A 的训练图片里，护士全是长发，医生全是短发，而十个人里有九个没有器具。头发总能看到，而且从不出错，于是网络学会了看头发。一旦头发与器具不一致，它就会出错：短发的护士，或者长发的医生。',
    balanced: '网络 B 的训练图片里，头发说明不了什么：医生和护士各有一半是长发。它只能去看器具。两个网络的结构相同，差别来自数据。',
    source: '实验出自 Grad-CAM 论文（Selvaraju 等，2017，第 6.3 节），这里的人物是画出来的。',
  };
};
