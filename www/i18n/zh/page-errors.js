// 页面本身的错误，按代码。
import { firstOf } from '../refused.js';
import { led } from './spacing.js';

/** 服务器不把文件给本页面时，在页面中怎么办。 */
const inPage = (/** @type {string} */ wanted) =>
  ({ image: '请先把图片保存到设备上，再选择该文件。', lesson: '请让作者把它放到允许其他网站读取的服务器上。' })[wanted] ??
  '请自行下载该文件，然后在“您自己的网络”中选择它。';

/** @param {import('../format.js').Formatters} f */
export default (f, byHand = inPage) => {
  const because = (/** @type {number} */ status, /** @type {string} */ wanted) => {
    if (status === 401) return `服务器要求登录，或者仓库不存在。请检查名称。${byHand(wanted)}`;
    if (status === 403) return `服务器不向所有人提供该文件，可能需要先接受其条款。${byHand(wanted)}`;
    if (status === 404 || status === 410) return '文件不存在。请检查地址。';
    if (status === 429) return '服务器收到的请求过多。请等几分钟再试。';
    if (status >= 500) return '服务器出现问题。请稍后再试。';
    return '服务器拒绝了请求。请检查地址。';
  };

  return /** @type {Record<string, (a: any) => string>} */ ({
    'fetch-offline': ({ path, wanted }) =>
      `${path} 未能加载：此设备已离线。${{ image: '仍可使用示例图片和您自己的文件。', lesson: '打开过此站点之后，它自带的课程仍可使用。' }[/** @type {string} */ (wanted)] ?? '此浏览器已保存的网络仍可使用。'}`,
    'fetch-redirected': ({ path, host, wanted }) => `${path} 未能加载：${host} 转到了另一个网站，而那里不允许本页面读取。${byHand(wanted)}`,
    'fetch-forbidden': ({ path, host, wanted }) =>
      `${path} 未能加载：${host} 有响应，但不允许其他网站读取其文件（没有 CORS 标头）。${byHand(wanted)}`,
    'fetch-unreachable': ({ path, host }) => `${path} 未能加载：无法连接 ${host}。请检查地址和网络连接，然后重试。`,
    'fetch-status': ({ path, status, wanted }) => `${path} 未能加载（${status}）：${because(status, wanted)}`,
    'fetch-web-page': ({ path, host, wanted }) =>
      `${path} 是网页，不是${{ image: '图片', lesson: '课程' }[/** @type {string} */ (wanted)] ?? '权重文件'}${host ? `：服务器转到了 ${host}` : ''}。服务器可能要求登录，或者该地址指向的是介绍文件的页面。${byHand(wanted)}`,
    'fetch-too-large': ({ path, bytes, limit }) => `${path} 至少有 ${f.bytes(bytes)}，而页面最多加载 ${f.bytes(limit)} 的文件。`,
    'fetch-size': ({ path, found, expected }) =>
      `${path} 有 ${f.number(found)} 字节，而不是 ${f.number(expected)} 字节：下载不完整，或者是另一个版本。请重试。`,
    'fetch-digest': ({ path }) => `${path} 与发布的文件不符：SHA-256 不同，因此不予使用。请稍后再试。`,
    'fetch-cut': ({ path, bytes }) => `${path} 未能加载：接收 ${f.number(bytes)} 字节后连接中断。请重试。`,
    'fetch-stalled': ({ path, bytes }) => `${path} 未能加载：接收 ${f.number(bytes)} 字节后，一分钟内没有收到任何数据。请重试。`,
    'fetch-not-stored': ({ path, bytes, cause }) =>
      `${path} 未能加载：浏览器没有空间存放它的 ${f.bytes(bytes)}（${cause}）。请腾出磁盘空间或关闭其他标签页，然后重试。`,
    'fetch-lfs-pointer': ({ path }) => `${path} 只是 Git LFS 的指针，不是文件本身。请使用该网站提供的下载地址。`,
    'fetch-no-weights': ({ title, files }) =>
      `${title} 中没有${led(f.list(files))}。请检查名称。如果权重文件用了别的名称，${byHand('weights')}`,

    'address-empty': () => '请填写仓库（所有者/名称）或地址。',
    'address-repository': ({ found }) => `“${found}”不是仓库。仓库写作“所有者/名称”；地址以 https:// 开头，本站内的地址以 ./ 开头。`,
    'address-hub': ({ found, what }) =>
      `“${found}”${
        /** @type {Record<string, string>} */ ({
          datasets: '是 Hugging Face 的数据集，不是网络。',
          spaces: '是 Hugging Face 的应用（Space），不是网络。它的页面会列出所用的网络。',
          owner: '没有指出仓库。',
          folder: '是仓库中的文件夹。请填写其中权重文件的地址。',
        })[what] ?? '是 Hugging Face 的页面，但不是某个网络的页面。'
      }${what === 'folder' ? '' : '请将网络的仓库写作“所有者/名称”。'}`,
    'address-foreign': ({ found, what }) =>
      what === 'up'
        ? `“${found}”的路径中有“..”，会指向别处。请写出完整的地址。`
        : `“${found}”是${
            /** @type {Record<string, string>} */ ({
              text: '文本',
              picture: '图片',
              gguf: ' llama.cpp 使用的 GGUF 文件',
              onnx: ' ONNX 文件',
              keras: ' Keras 写出的 HDF5 文件',
              tensorflow: ' TensorFlow 的文件',
              flax: ' Flax 的文件',
              coreml: ' Core ML 的文件',
              github: ' GitHub 的页面，但不是文件的页面',
            })[what] ?? '读不了的文件'
          }。请填写权重文件的地址：safetensors，或 PyTorch 的检查点。`,
    'address-revision': ({ found }) => `“${found}”不是版本。请填写分支、标签或提交，例如 main。`,
    'address-unreadable': ({ found }) => (found ? `“${found}”不是地址。请填写以 https:// 开头的地址。` : '请填写以 https:// 开头的地址。'),
    'address-password': () => '地址含有用户名或密码，链接和消息会把它泄露出去。请删去 @ 之前的部分。',

    'lesson-unknown': ({ name, known }) => `没有名为“${name}”的课程。现有：${f.list(known)}。`,
    'lesson-address': ({ name }) => `“${name}”不是课程的地址。请填写以 https:// 开头的地址，或此站点上的文件。`,
    'lesson-broken': ({ path, problems }) => `${path} 还不能用作课程，有 ${f.number(problems.length)} 处错误。`,

    'index-offline': () => '神经网络列表未能加载：此设备已离线。仍可使用您自己的网络。',
    'index-unreachable': () => '神经网络列表未能加载。请检查网络连接，然后重新加载页面。',
    'index-status': ({ status }) => `神经网络列表未能加载（${status}）。请重新加载页面再试。`,
    'index-broken': () => '服务器没有给出神经网络列表 models/index.json，而是给出了别的内容。仍可使用您自己的网络。',

    'samples-offline': () => '示例图片未能加载：此设备已离线。仍可选择您自己的图片。',
    'samples-unreachable': () => '示例图片未能加载。请检查网络连接，或选择您自己的图片。',
    'sample-unknown': ({ name }) => `本页面没有示例图片“${name}”。请另选一张。`,
    'network-unknown'({ name, known = [] }) {
      const { shown, more } = firstOf(known);
      const there = shown.length ? `可用的有 ${shown.join('、')}${more ? ` 等 ${known.length} 个` : ''}。` : '';
      return `本页面没有网络“${name}”。${there}请另选一个。`;
    },
    'own-picture-missing': ({ name }) => `“${name}”是某人自己的图片，而链接不包含图片。请选择该文件，或另选一张图片。`,
    'own-network-missing': ({ name }) => `“${name}”是某人自己的网络，而链接不包含网络。请选择该文件，或另选一个网络。`,

    'several-files': ({ files }) => `您同时给出了${led(f.list(files))}，但只能使用其中一个。请选择一个。`,
    'entered-size': ({ min, max }) => `输入边长是 ${f.number(min)} 到 ${f.number(max)} 之间的整数（像素）：一个数，或者行数和列数两个数。`,
    'entered-mean': ({ found }) => `“${found}”不是均值。请按红、绿、蓝填写三个数，例如 0.485, 0.456, 0.406。`,
    'entered-std': ({ found }) => `“${found}”不是标准差。请按红、绿、蓝填写三个大于 0 的数，例如 0.229, 0.224, 0.225。`,

    'class-missing': ({ name, id }) => `此网络没有${name === null ? `编号为 ${id} 的类别` : `“${name}”这个类别`}。`,
    'layer-missing': ({ layer }) => `此网络没有“${layer}”这一层。`,
    'layer-unused': ({ method }) => `${method} 不使用任何层。`,
    'contrast-unsigned': ({ method }) => `${method} 无法给出两个类别的有正负热力图。`,
    'option-missing': ({ name, found }) => `这里没有名为“${found}”的选项（${name}）。`,
    'method-missing': ({ method }) => `页面没有“${method}”这个方法。`,

    'picture-unusable': () => '这不是图片，或者另一个网站不允许本页面读取它。',

    'profile-ignored': () => '图片带有 ICC 配置文件，但此浏览器不向页面提供转换为 sRGB 的颜色；文件中的数值被当作 sRGB。',

    'file-unreadable': ({ file, cause }) =>
      `浏览器无法再读取${file ? `“${file}”` : '该文件'}（${cause}），它可能已被移动或修改。请重新选择。`,
    'text-too-large': ({ file, bytes, limit }) => `“${file}”有 ${f.bytes(bytes)}，而模型卡或类别名称最大为 ${f.bytes(limit)}。`,
    'picture-too-large': ({ file, bytes, limit }) => `“${file}”有 ${f.bytes(bytes)}，而图片最大为 ${f.bytes(limit)}。`,

    'engine-disposed': () => '此引擎已被释放。请重新加载一个引擎。',
    'kernel-silent': ({ path }) => `内核没有发送 ${path}。请等内核空闲后再运行此单元格。`,
    'engine-missing': ({ message }) => `引擎未能加载（${message}）。请检查网络连接，然后重新加载页面。`,
    'engine-renewed': () => '本页面打开期间，网站已更新。请重新加载页面。',
    'engine-trapped': ({ message }) => `引擎出错（${message}）。`,
    'call-not-understood': ({ name }) => `引擎没有读懂所收到的请求${name ? `（${name}）` : ''}。请重新加载页面。`,
    'call-not-sent': ({ name, cause }) => `无法向引擎提出此请求（${name}：${cause}）。请只使用数字、文字、列表和文件。`,
    'worker-refused': ({ origin }) =>
      `页面不允许引擎启动。页面的 Content-Security-Policy 必须允许 \`worker-src blob:\`、\`script-src ${origin} 'wasm-unsafe-eval'\` 和 \`connect-src ${origin}\`。`,
    'too-much-at-once': () => '引擎的内存放不下所需的全部内容。请选择更小的图片或网络。',
    'worker-failed': () => '引擎的工作线程意外终止。',
    'gpu-lost': ({ message }) => `浏览器失去了 GPU${message ? `（${message}）` : ''}。`,
    'gpu-refused': ({ message }) => `GPU 拒绝了一次计算（${message}）。`,
  });
};
