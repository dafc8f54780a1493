// 错误信息给作者的建议：他们调用 API 或放置 `<cam-lucida>`，写的是选项和地址，没有页面可供选择。
import errors from './page-errors.js';
import { phrase } from './phrases.js';

const SERVER = '允许其他网站读取的服务器（Access-Control-Allow-Origin）';

/** @param {import('../format.js').Formatters} f */
export default (f) => {
  const byHand = (/** @type {string} */ wanted) =>
    wanted === 'image' ? `请以 Blob 给出图片，或给出${SERVER}上的地址。` : `请以 { weights: Blob } 给出网络，或给出${SERVER}上的地址。`;
  const fetched = Object.entries(errors(f, byHand)).filter(([code]) => code.startsWith('fetch-'));

  return {
    errors: /** @type {Record<string, ((a: any) => string) | undefined>} */ ({
      ...Object.fromEntries(fetched),
      'fetch-offline': ({ path }) => `${path} 未能加载：此设备已离线。`,
      'index-offline': () => '神经网络列表未能加载：此设备已离线。以地址或 Blob 给出的网络不需要列表。',
      'index-unreachable': () => '神经网络列表未能加载。请检查网络连接，以及站点上有没有 models/index.json。',
      'index-status': ({ status }) => `神经网络列表未能加载（${status}）。请检查站点上有没有 models/index.json。`,
      'index-broken': () => '服务器没有给出神经网络列表 models/index.json，而是给出了别的内容。',
      'samples-offline': () => '示例图片未能加载：此设备已离线。',
      'samples-unreachable': () => '示例图片未能加载。请检查网络连接，或给出自己的图片。',
      'sample-unknown': ({ name }) => `站点上没有示例图片“${name}”。请给出别的名称，或地址。`,
      'network-unknown': ({ name }) => `站点上没有网络“${name}”。请给出 models/index.json 中的名称、Hugging Face 的“所有者/名称”，或地址。`,
      'method-missing': ({ method }) => `没有“${method}”这个方法。`,
      'file-unreadable': ({ file, cause }) =>
        `浏览器无法再读取${file ? `“${file}”` : '该文件'}（${cause}）：它可能已被移动或修改，或者浏览器没有空间存放它。`,
      'address-empty': () => '地址是空的。请给出 Hugging Face 的“所有者/名称”，或地址。',
      'several-networks': ({ states }) => `文件中有好几个网络：${states}。请在 { weights } 的选项 state 中写明其中一个，或者只保存它。`,
      'other-state': ({ unknown, states }) =>
        `文件中“${unknown}”之下的网络不认识，${states}之下的认识。请在 { weights } 的选项 state 中写明后者，或者只保存一个网络的 state dict。`,
      'preprocessing-mean-scale': ({ place, value }) =>
        `${phrase(place)}：均值 ${value} 不是取值范围 0 到 1 下的均值；请把按 0 到 255 计算的均值和标准差除以 255，或把 { weights } 的选项 range 设为“0-255”。`,
      'order-assumed': () =>
        '假定颜色以红色为先：许多网络（例如 Caffe 和 OpenCV 的）以蓝色为先，而权重文件不会说明。请把 { weights } 的选项 order 设为“rgb”或“bgr”。',
      'several-states': ({ used, others }) =>
        `文件中有好几个网络，用的是“${used}”。要用别的（${others}），请在 { weights } 的选项 state 中写明。`,
      'card-prepares-otherwise': ({ stated, chosen }) =>
        `网络的模型卡规定以“${stated}”准备图片，而这里用的是“${chosen}”，得分和热力图可能与模型卡的做法不同。要遵照模型卡，请把 preprocess 设为“${stated}”。`,
      'target-without-probability': () => '这个网络给出的是数值，没有概率。请把 target 设为“logit”，也就是数值本身。',
      'cam-probability': () => 'CAM 解释的是 softmax 或 sigmoid 之前的类别得分。请把 target 设为“logit”、“contrast:ID”或“counterfactual”。',
      'picture-aspect': ({ size, max }) =>
        `${size} 像素的图片太狭长，无法保持宽高比（最多 ${max}:1）。请把 preprocess 设为“squash”，或先裁剪图片。`,
      'picture-dicom': () => '这是 DICOM 文件，即带有病人资料的医学图片。请把图片导出为 16 位的 PNG，例如用 dcm2pnm 程序。',
      'picture-as-weights': () => '这是图片，不是权重文件。请把它作为图片给出，把 safetensors 文件或 PyTorch 的 state dict 作为权重。',
      'network-classifies': ({ title, network }) => `${title}（${network}）给类别打分，不懂文字。`,
      'network-answers': ({ title, network }) => `${title}（${network}）需要一个关于图片的问题。请给出一个给类别打分的网络。`,
      'network-describes': ({ title, network }) => `${title}（${network}）写的是图片说明。请给出一个给类别打分的网络。`,
      'engine-missing': ({ message }) => `引擎未能加载（${message}）。请检查网络连接，以及软件包的文件在哪里。`,
    }),
  };
};
