// 引擎的错误，每个代码一句：发现了什么，允许什么，该怎么做。键与 Rust 源码中的代码相同，由测试核对。
import explain from '../../views/explain/zh.js';
import { more, names, phrase, sentence } from './phrases.js';
import sources from './sources.js';
import { led } from './spacing.js';
import tables from './tables.js';

const SAVE = '请用 torch.save(model.state_dict(), path) 重新保存';
const SAVE_AGAIN = '请用 torch.save 重新保存';
const COPY_AGAIN = '请重新复制';
const PICKLE = '这个 PyTorch 文件的 pickle 数据';
const ZIP = '这个 PyTorch 文件的 zip 归档';

/** @param {import('../format.js').Formatters} f */
export default (f) => {
  /** 数字分节；不是数字的原样保留。 */
  const n = (/** @type {string} */ value) => (/^\d+$/.test(value) ? f.number(BigInt(value)) : value);
  /** 解码器自己的英文原话，认得的译成中文。 */
  const reported = (/** @type {string} */ english) =>
    phrase(english) === english ? `（解码器的原文：“${english}”）` : `（${phrase(english)}）`;
  const incomplete = (/** @type {string} */ bytes) => `这不是完整的 safetensors 文件（共 ${n(bytes)} 字节）`;
  const header = (/** @type {string} */ name) => `safetensors 文件头中张量“${name}”的记录有误`;
  const { own } = sources(f);
  const { target, preprocess } = explain(f).method;
  const { logit, contrast, counterfactual, squash } = tables.titles;
  const titled = (/** @type {string} */ name) => /** @type {Record<string, string>} */ (tables.titles)[name] ?? name;
  const nested = (/** @type {string} */ english) => sentence(english, errors).replace(/。$/, '');

  /** @type {Record<string, (a: Record<string, string>) => string>} */
  const errors = {
    // 请求
    'unknown-name': (a) => `未知的${phrase(a.what)}“${a.found}”；${phrase(a.hint)}：${names(a.allowed)}。`,
    'no-layer': () => '没有选择层；请至少选择一层。',
    'unknown-layer': (a) => `网络中没有层“${a.layer}”。`,
    'layer-without-effect': (a) => `类别得分与层“${a.layer}”无关；请选择另一层。`,
    'unknown-token': (a) => `编号 ${a.token} 不代表任何词；词的编号为 ${a.first} 到 ${a.last}，${a.unknown} 代表其他任何词。`,
    'answer-empty': (a) => `“${a.text}”中缺了一个答案；请从以下答案中选择：${a.allowed}。`,
    'caption-place': (a) => `这条图像描述有 ${a.words} 个词，没有第 ${a.place} 个位置；请选择 0 到 ${a.words}，最后一个是结尾。`,
    'text-without-words': (a) => `“${a.text}”中没有词；请写一些词。`,
    'no-known-word': (a) => `这个网络不认识“${a.text}”中的任何词；它认识的是英文词，例如 ${names(a.examples)}。`,
    'beam-width': (a) => `请求的束宽是 ${a.beam}；请选择 1 到 ${a.max}。`,
    'phrase-range': (a) => `这条图像描述有 ${a.words} 个词；其中没有第 ${a.found} 个词：请选择 0 到 ${a.last}。`,
    'phrase-classes': () => '解释一个短语时，要解释的就是其中的词；请不要另外选择类别。',
    'network-classifies': (a) => `${phrase(a.title)}（${a.network}）只给类别打分，不认识词；请在别的视图中使用。`,
    'network-answers': (a) => `${phrase(a.title)}（${a.network}）需要一个关于图片的问题；请选择给类别打分的网络。`,
    'network-describes': (a) => `${phrase(a.title)}（${a.network}）写的是图像描述；请选择给类别打分的网络。`,
    'model-kind': () => '这是另一种模型；分类网络可以直接解释，其他网络要先得到问题或词。',
    'smoothed-picture': (a) => `平滑是对 0 到 1 之间的热力图取平均，而 ${a.method} 给出的是正负值图；请关闭平滑，或选择给出热力图的方法。`,
    'merged-picture': (a) =>
      `合并各层是对 0 到 1 之间的热力图取平均，而 ${a.method} 给出的是正负值图；请只选一层，或选择给出热力图的方法。`,
    'no-weighted-sum': (a) => `${a.method} 的热力图不是通道的加权和，无法拆解；请选择${names(a.names)}之一。`,
    'decomposed-together': (a) =>
      `每次只能拆解一种方法在一个层上的热力图，而且不能平滑；现在有 ${a.methods} 种方法、${a.layers} 个层；请各选一个，并关闭平滑。`,
    'decomposed-classes': (a) => `每次只能拆解一个类别的热力图；现在有 ${a.count} 个类别；请选择其中一个。`,
    'no-presets': (a) => `所选的方法没有预设；请去掉“${a.preset}”。`,
    'cam-without-linear-head': () =>
      'CAM 要求网络以全局平均池化和一个线性层结尾，而这个网络不是；请选择 Grad-CAM，在 CAM 适用的网络上两者相同。',
    'cam-layer': (a) => `CAM 只能解释被池化的那一层，这里是“${a.pooled}”，不是“${a.layer}”；请选择那一层，或选择 Grad-CAM。`,
    'cam-probability': () =>
      `CAM 解释的是 softmax 或 sigmoid 之前的类别得分；请在“${target}”中选择“${logit}”、“${contrast}”或“${counterfactual}”。`,
    'stride-beyond-patch': (a) => `步长为 ${a.stride} 像素时，边长 ${a.patch} 像素的方块之间会有空隙；步长最多为 ${a.patch}。`,
    'setting-whole-range': (a) => `参数“${a.name}”必须是 ${n(a.min)} 到 ${n(a.max)} 的整数，现在是 ${a.value}。`,
    'setting-whole-min': (a) => `参数“${a.name}”必须是不小于 ${n(a.min)} 的整数，现在是 ${a.value}。`,
    'setting-range': (a) => `参数“${a.name}”必须是 ${a.min} 到 ${a.max} 的数，现在是 ${a.value}。`,
    'setting-unused': (a) => `${names(a.methods)} 没有参数“${a.name}”；请去掉它。`,
    'setting-syntax': (a) => `“${a.found}”不是参数；请写成名称加数字，例如 samples=32。`,
    'picture-without-effect': () => '类别得分与图片无关。',
    'class-out-of-range': (a) => `类别 ${a.class} 不存在：这个网络有 ${n(a.classes)} 个类别，编号为 0 到 ${a.last}。`,
    'class-syntax': (a) => `“${a.text}”不是类别；请写类别的编号，或写相加的几个编号，例如 0+4。`,
    'empty-class-sum': () => '相加的类别至少要有一个。',
    'target-class': (a) => `“${a.found}”需要一个类别编号，例如 ${a.name}281。`,
    'input-sizes-differ': (a) => `${a.first} 像素和 ${a.other} 像素的输入不能放进同一批。`,
    'input-size': (a) => `输入的尺寸是 ${a.size} 像素（宽 × 高）；每边必须是 ${a.min} 到 ${n(a.max)} 像素。`,
    'input-length': (a) => `${a.size} 像素的输入应有 ${n(a.expected)} 个值，现在有 ${n(a.found)} 个。`,
    'input-not-finite': (a) => `输入的第 ${a.at} 个值是 ${a.found}；所有值都必须是有限的。`,
    'card-without-network': () => '模型卡没有写明网络的名称。',
    'samples-beyond-memory': (a) => `输入为 ${a.size} 像素时，${n(a.samples)} 个样本的噪声放不进内存；请最多选择 ${n(a.max)} 个。`,
    'input-too-small': (a) => `输入的尺寸是 ${a.size} 像素；${phrase(a.network)} 要求每边至少 ${a.min} 像素。`,
    'too-many-classes': (a) => `请求了 ${n(a.found)} 个类别，一次最多解释 ${a.max} 个；其余的请另行请求。`,
    'view-side': (a) => `显示图片的长边必须是 1 到 ${n(a.max)} 像素，现在是 ${a.longer}。`,
    'weight-file-needed': (a) => `${phrase(a.title)}（${a.network}）的规模要从权重中读出，因此需要权重文件。`,
    'style-share': (a) => `${phrase(a.name)}必须在 0 到 1 之间，现在是 ${a.value}。`,
    'profile-on-gpu': () => '逐层计时只针对 CPU，而这个模型在 GPU 上；请把它载入 CPU。',
    'profile-runs': (a) => `逐层计时可运行 1 到 ${n(a.max)} 次，而这里是 ${n(a.runs)} 次。`,
    'profile-unknown': (a) => `${a.network} 不逐层说明自己；请选择只看图片的网络。`,
    'raw-formula-on-gpu': (a) => `叠加方式“${a.formula}”显示的是原始值，由 CPU 绘制；请在 CPU 上绘制。`,
    released: (a) => `引擎已不再保留${phrase(a.what)} ${a.id}；请重新提供。`,
    'heatmap-out-of-range': (a) => `这个解释结果有 ${a.count} 张热力图，编号从 0 开始；请求的是 ${a.which}。`,
    'file-reader-missing': () => '这个浏览器不能在 worker 中读取文件。',
    'message-not-understood': () => '引擎没有读懂页面发来的请求。',
    cancelled: () => '已取消，什么都没有改变。',

    // 评估指标
    'curve-steps': (a) => `曲线可以有 1 到 ${n(a.max)} 步，现在是 ${n(a.steps)} 步。`,
    'map-length': (a) => `${a.size} 像素的热力图每个像素要有一个值，且至少有一个像素；现在有 ${n(a.found)} 个值。`,
    'map-not-finite': (a) => `热力图的第 ${a.at} 个值是 ${a.found}；所有值都必须是有限的。`,
    'mask-length': (a) => `${a.size} 像素的掩码每个像素要有一个值，现在有 ${n(a.found)} 个值。`,
    'mask-empty': () => '掩码是空的：没有像素属于物体；请用黑色以外的任意颜色画出物体，其余部分涂黑。',
    'mask-full': () => '掩码是满的：所有像素都属于物体；请用黑色以外的任意颜色画出物体，其余部分涂黑。',
    'cascade-steps': (a) => `权重随机化可以有 1 到 ${n(a.max)} 步，现在是 ${n(a.steps)} 步。`,
    'road-without-shares': () => 'ROAD 至少需要一个移除像素的比例，现在一个也没有。',
    'road-share': (a) => `移除像素的比例必须在 0 到 1 之间，现在是 ${a.share}。`,
    'maps-not-comparable': (a) => `${a.a} 像素和 ${a.b} 像素的热力图不能比较：两者的尺寸必须相同，且至少为 ${a.min}×${a.min}。`,

    // 设备
    'device-fault': (a) => `设备出错，结果不予显示：${a.what}。`,
    'wrong-result': (a) => `设备计算有误：启动自检得到 ${a.found}，应为 ${a.scores} 和 ${a.gradient}。`,
    'no-gradients': () => '设备没有算出梯度。',
    'built-without-gpu': () => '这个程序只能用 CPU 计算；请选择 CPU，或在编译时加上功能 gpu。',
    'no-gpu': (a) => `没有可用的 GPU：${a.cause}。`,
    'tensor-too-large': (a) =>
      `形状为 ${a.shape} 的张量“${a.name}”占 ${n(a.size)} MiB，而这块 GPU 的缓冲区最多容纳 ${n(a.max)} MiB；这个网络可以用 CPU 计算。`,
    'read-back': (a) => `设备在计算时出错：${a.cause}。`,
    'not-finite': (a) => `网络的${phrase(a.what)}中有非有限的值（${a.value}），因此结果不予显示；问题出在权重或设备上。`,
    'map-elsewhere': (a) => `热力图不在负责绘制的 GPU 上（${a.found}）。`,
    'gpu-drawing': (a) => `GPU 无法绘制：${a.found}。`,
    'out-of-memory': (a) => `内存不足，放不下 ${n(a.mebibytes)} MiB 的张量；请关闭其他程序或标签页，或选择更小的网络。`,

    // 图片
    'picture-file-too-large': (a) => `文件有 ${a.found} MiB，而图片最多 ${a.max} MiB；请缩小后再保存。`,
    'picture-side-too-long': (a) => `图片的尺寸是 ${a.size} 像素，每边最多 ${n(a.max)} 像素；请缩小图片。`,
    'picture-too-large': (a) => `图片的尺寸是 ${a.size} 像素，总数最多 ${a.max} 兆像素；请缩小图片。`,
    'picture-over-limits': (a) => `图片太大${reported(a.found)}：解码最多占 ${a.max} MiB 内存；请缩小图片。`,
    'picture-memory': (a) => `图片的尺寸是 ${a.size} 像素，占 ${a.found} MiB；解码最多 ${a.max} MiB。请缩小图片。`,
    'picture-avif': () => '这个文件是 AVIF，此浏览器不能读取；请把图片存为 PNG 或 JPEG。',
    'picture-heic': () =>
      '这个文件是 HEIC，即 iPhone 的照片格式，此浏览器不能读取；请把图片存为 JPEG。今后的照片，请在手机上选择“设置”›“相机”›“格式”›“兼容性最佳”。',
    'picture-dicom': () =>
      '这个文件是 DICOM，即带有患者资料的医学图片；请把图片导出为 16 位的 PNG，例如用 dcm2pnm 程序；之后可以在页面上选择灰度窗。',
    'picture-first-frame': () => '文件中有多幅图片；读取的是第一幅。',
    'picture-reduced': (a) => `图片的尺寸是 ${a.size} 像素，因此宽和高都按 1/${a.factor} 读取。`,
    'picture-profile': () => '颜色已按图片的 ICC 配置文件转换为 sRGB。',
    'picture-no-end': () => '这个 JPEG 文件缺少结束标记；图片是完整的。',
    'picture-more-bytes': (a) => `JPEG 图片结束之后还有 ${n(a.count)} 个字节，没有读取。`,
    'picture-grey-range': (a) => `这是 16 位灰度图片：从 ${n(a.low)} 到 ${n(a.high)} 的值显示为从黑到白；可以用灰度窗选择其他范围。`,
    'picture-grey-window': (a) =>
      `这是 16 位灰度图片：它的值从 ${n(a.low)} 到 ${n(a.high)}，其中从 ${n(a.black)} 到 ${n(a.white)} 的值显示为从黑到白。`,
    'picture-window-unused': () => '灰度窗没有作用：图片不是取值各异的 16 位灰度图片。',
    window: (a) => `灰度窗是从 0 到 ${n(a.max)} 的两个整数，前一个较小，例如 0,4095；现在是“${a.found}”。`,
    'picture-dark': (a) =>
      `图片的颜色是 16 位的，而最大的值只有 ${n(a.high)}，所以几乎是黑的；如果白色不该是 ${n(a.max)}，请把数值放大后重新保存。`,
    'picture-damaged': (a) => `${a.format} 文件已损坏或不完整${reported(a.found)}；请重新保存。`,
    'picture-kind': (a) => `这种 ${a.format} 文件不受支持${reported(a.found)}；请把图片存为 PNG。`,
    'picture-format': (a) => `这个文件看起来是${led(phrase(a.found))}，不受支持；请把图片存为 ${names(a.formats)}。`,
    'picture-empty': (a) => `文件是空的；请使用 ${names(a.formats)} 文件。`,
    'no-picture': (a) => `这个文件不是可以读取的图片：它以${phrase(a.found)}开头；请使用 ${names(a.formats)} 文件。`,
    'picture-length': (a) => `${a.size} 像素的图片每个像素需要 ${a.channels} 个字节，现在总共有 ${n(a.found)} 个字节。`,
    'picture-aspect': (a) =>
      `${a.size} 像素的图片太狭长，无法保持宽高比（最多 ${a.max}:1）；请在“${preprocess}”中选择“${squash}”，或先裁剪图片。`,

    // 模型卡：config.json、preprocessor_config.json 和类别名称
    'card-input-too-small': (a) =>
      `模型的输入是 ${a.size} 像素，而${led(phrase(a.network))} 要求每边 ${a.min} 到 ${a.max} 像素；请选择更大的输入尺寸。`,
    'network-min-side': (a) =>
      `按这些张量，${phrase(a.network)} 要求图片每边至少 ${n(a.min)} 像素，而最多允许 ${n(a.max)}；请选择另一个网络。`,
    'activation-size': (a) =>
      `输入为 ${a.size} 像素时，${phrase(a.network)} 的一个层有 ${n(a.numbers)} 个数；最多允许 ${n(a.max)} 个。请选择更小的输入，或通道更少的网络。`,
    'card-class-count': (a) => `模型卡写明有 ${n(a.said)} 个类别，权重有 ${n(a.found)} 个；它们是否属于不同的模型？`,
    'label-count': (a) => `${n(a.labels)} 个类别名称与有 ${n(a.classes)} 个类别的网络不符。`,
    'card-word-count': (a) => `模型卡列出了 ${n(a.said)} 个词，权重有 ${n(a.found)} 个；它们是否属于不同的模型？`,
    'card-without-words': (a) => `模型卡没有写明网络认识哪 ${n(a.found)} 个词；请在 config.json 的“words”中列出。`,
    'card-without-answers': (a) => `模型卡没有写明网络的 ${n(a.found)} 个答案；请在 config.json 的“id2label”中列出。`,
    'card-labels': (a) => `${a.file}：${nested(a.cause)}。`,
    'card-label-count': (a) => `${a.file}：${n(a.labels)} 个类别名称与“num_classes”的 ${n(a.classes)} 不符。`,
    'card-channels': (a) =>
      `${a.file}：均值或标准差有 ${n(a.count)} 个数，而输入有 ${n(a.channels)} 个通道；请给出一个数，或每个通道一个。`,
    'card-contradiction': (a) => `${a.file}：“${a.first}”是 ${a.a}，而“${a.second}”是 ${a.b}，两者互相矛盾；请删去错的一个。`,
    'card-crop-contradiction': (a) =>
      `${a.file}：“crop_size”从 ${a.size} 中裁出 ${a.height} × ${a.width} 像素，而“crop_pct”${a.share} 从 ${a.cut} 中裁出，两者互相矛盾；请删去错的一个。`,
    'card-input-channels': (a) => `模型卡说网络有 ${n(a.said)} 个输入通道，而权重有 ${n(a.channels)} 个；它们是不是属于别的模型？`,
    'card-crop-mode': (a) => `${a.file}：“crop_mode”是“${a.found}”；只支持 center（裁取中央）、squash（压成正方形）和 border（补边）。`,
    'card-preprocess': (a) => `${a.file}：${nested(a.cause)}。`,
    'card-prepares-otherwise': (a) =>
      `网络的模型卡规定“${titled(a.stated)}”，而这张图片用的是“${titled(a.chosen)}”，得分和热力图可能与模型卡的做法不同；要遵照模型卡，请在“${preprocess}”中选择它的做法。`,
    'card-interpolation': (a) => `${a.file}：“interpolation”是“${a.found}”；只支持 bilinear（双线性）和 bicubic（双三次）。`,
    'card-normalisation': (a) => `${a.file}：没有“${a.name}”；请给出三个数，或把“do_normalize”设为 false。`,
    'card-rescale': (a) => `${a.file}：“rescale_factor”是 ${a.factor}；它必须是大于 0 的有限的数，例如 1/255。`,
    'card-resample': (a) => `${a.file}：“resample”是 ${a.found}；只支持 2（双线性）和 3（双三次）。`,
    'card-crop': (a) => `${a.file}：“crop_pct”是 ${a.found}；裁取部分占短边的比例必须在 0.5 到 1 之间。`,
    'preprocessing-size': (a) => `${phrase(a.place)}：不允许 ${a.size} 像素（宽 × 高）的输入；每边必须是 ${a.min} 到 ${n(a.max)} 像素。`,
    'preprocessing-mean': (a) => `${phrase(a.place)}：均值 ${a.value} 不是有限的数。`,
    'preprocessing-mean-scale': (a) =>
      `${phrase(a.place)}：均值 ${a.value} 不是取值范围 0 到 1 下的均值；如果均值和标准差是按 0 到 255 计算的，请除以 255，或在“${own.title}”下的“${own.fields.range}”中选择“${own.value_ranges['0-255']}”。`,
    'preprocessing-std': (a) => `${phrase(a.place)}：不能用标准差 ${a.value} 归一化；标准差必须是大于 0 的有限的数。`,
    'card-network': (a) => `${a.file}：${nested(a.cause)}。`,
    'card-problem': (a) => `${a.file}：“problem_type”是“${a.found}”；只支持 ${names(a.known)}。`,
    'card-json': (a) => `${a.file}：无法读懂（${a.cause}）；请改正这个文件。`,
    'labels-json': (a) => `类别名称既不是由名称组成的 JSON 列表，也不是由编号和名称组成的 JSON 对象（${a.cause}）。`,
    'labels-empty': () => '类别名称文件是空的；它应当给出每个类别的名称。',
    'order-shifted': (a) =>
      `文件中的“${a.found}”处在${led(a.title)}的“${a.wanted}”的位置：它前面有没有张量的东西，假定是随机失活（这里不起作用）。若是池化或激活函数，得分会不同，而权重文件不会说明。`,
    'labels-count': (a) => `类别名称有 ${n(a.found)} 个；一个网络最多可以有 ${n(a.classes)} 个类别。`,
    'text-size': (a) => `${a.name}：文本有 ${n(a.bytes)} 字节；模型卡或类别名称最多可以有 ${n(a.max)} 字节。这是别的文件吗？`,
    'head-stated': (a) =>
      `模型卡的“head”中有“${a.name}”，而权重中没有这个名称的线性层或批归一化；请按顺序写出分类头的所有层，每个 ReLU 写作“relu”。`,
    'head-stated-empty': () => '模型卡的“head”没有写出任何层；请按顺序写出分类头的所有层，或者删去这一项。',
    'head-contradicts': (a) =>
      `模型卡写明的分类头是 ${a.stated}，而这个文件是完整保存的模块，它的分类头是 ${a.told}；请写成一致，或者不写。`,
    'labels-id': (a) => `类别名称中应为类别编号的地方是“${a.id}”；请把类别编为 0、1、2……。`,
    'labels-scalar': (a) => `类别名称是单个值 ${a.value}；应当是名称的列表或表格。`,
    'labels-twice': (a) => `类别名称中类别 ${a.id} 出现了两次：“${a.first}”和“${a.second}”；每个类别只能有一个名称。`,
    'labels-columns': () => '类别名称表中有好几列都像编号，分不清哪一列是编号；请加上表头，例如 id 和 name。',
    'labels-differ': (a) => `类别名称有两种说法（“${a.name}”和“${a.other}”），例如 id2label 和 label2id；请去掉其中一种。`,
    'card-crop-size': (a) => `${a.file}：crop_size 是 ${a.height} × ${a.width} 像素，比 size 大；它是从中裁出的，最多只能一样大。`,
    'card-files-contradict': (a) =>
      `${a.file}：“${a.first}”是 ${a.a}，而 ${a.other} 中的“${a.second}”是 ${a.b}，两者互相矛盾；请删去错的一个，或让两者一致。`,
    'card-setting': (a) =>
      `${a.file}：“${a.name}”是 ${a.value}，而本程序只按 ${a.wanted} 计算。张量看不出这一区别，请选择设置相同的网络的权重。`,
    'card-setting-unknown': (a) => `${a.file}：“model_args”中有未知的“${a.name}”，张量看不出它改变什么；如果它不影响网络的计算，请删去。`,
    'card-noted': (a) => `${a.file}：“noted”中有代码“${a.code}”；只支持 ${a.known}。请删去这一项。`,
    'card-resize': (a) =>
      `${a.file}：“do_resize”是 false，即图片保持原来的大小，而本程序会把图片缩放到 ${a.height} × ${a.width} 像素；如果网络可以这样使用，请改为 true。`,
    'card-variant': (a) => `${a.file}：“${a.name}”在降采样时做平滑（抗锯齿），它的张量看不出来，本程序也不计算；请选择别的网络的权重。`,
    'checkpoint-setting-unknown': (a) =>
      `文件在网络的张量之外写有未知的设置“${a.name}”，张量看不出它改变什么；如果它不影响网络的计算，请说明计算方式是“torchvision”。`,
    'checkpoint-network': (a) =>
      `文件在网络的张量之外写有网络名称“${a.name}”（“${a.at}”），它不是${led(phrase(a.title))}的名称：张量按${led(phrase(a.title))}来计算。如果那个网络的计算方式不同，得分就是错的。`,
    'labels-gap': (a) => `类别名称中有类别 ${a.found}，却没有类别 ${a.missing}；请给出从 0 到最后一个类别的名称。`,

    // 权重与网络
    'file-size': (a) =>
      `权重文件有 ${n(a.found)} MiB；最多可以下载 ${n(a.max)} MiB 的文件。请只保存网络的 state dict，不含优化器的状态，或自行下载该文件。`,
    'unknown-network': (a) =>
      `这些张量与已知的网络都不符：最接近的是${led(phrase(a.title))}（${a.network}），但${nested(a.difference)}。请使用所列网络的权重，张量按 torchvision 或 timm 命名。`,
    'unknown-tensors': (a) => `这些张量与已知的网络都不符：${phrase(a.contents)}。请使用所列网络的权重，张量按 torchvision 或 timm 命名。`,
    'other-network': (a) =>
      `${nested(a.difference)}。这个文件适合${led(phrase(a.title))}（${a.network}），不适合${led(phrase(a.wanted))}。`,
    'network-misfit': (a) => `${nested(a.difference)}。这个文件是否属于另一个网络？`,
    'network-size': (a) => `这个网络会有 ${n(a.numbers)} 个权重；最多允许 ${n(a.max)} 个。`,
    'tensor-superfluous': (a) => `文件中的张量“${a.name}”${more(a.more)}是这个网络没有的。`,
    'numbers-shared': (a) =>
      `这个网络会有 ${n(a.numbers)} 个权重，而文件中只有 ${n(a.held)} 个数，由各张量共用；请保存每个张量的普通副本（tensor.clone()）。`,
    'network-too-deep': () => '到网络的最后一层，任何图片都什么也不剩：按它的张量，图片减半的次数太多；请选择列表中网络的权重。',
    'tensor-empty': (a) => `按其他张量的规模，张量“${a.name}”的形状会是 ${a.shape}；网络中没有长度为 0 的轴。`,
    'tensor-shape': (a) => `张量“${a.name}”的形状是 ${a.found}，而这个网络需要 ${a.wanted}。`,
    'tensor-missing': (a) => `缺少张量“${a.name}”；${phrase(a.contents)}。`,
    'tensor-not-finite': (a) => `张量“${a.name}”在位置 ${a.at} 的值是 ${a.value}；每个值都必须是有限的。`,
    'class-count': (a) => `张量“${a.name}”的形状是 ${a.shape}；第一个轴是类别数，应为 1 到 ${n(a.max)}。`,
    'strides-unknown': (a) => `权重有 ${a.found} 个阶段；MobileNetV2 只按 ${a.wanted} 个阶段构建，其步长是已知的，其他阶段数则不行。`,
    'size-tensor-missing': (a) => `缺少张量“${a.name}”；网络的规模要从它的形状得知。`,
    'size-tensor-shape': (a) => `张量“${a.name}”的形状是 ${a.found}；这个网络在此需要 ${a.axes} 个轴，每个轴为 1 到 ${n(a.max)}。`,
    'tensor-name-twice': (a) => `文件中有两个张量按 torchvision 的命名都是“${a.name}”；请只保存一个网络的 state dict。`,
    'tensor-name-length': (a) => `张量“${a.start}…”的名称有 ${n(a.bytes)} 个字节；最多允许 ${n(a.max)} 个。`,
    'tensor-axes': (a) => `张量“${a.name}”有 ${n(a.axes)} 个轴；最多允许 ${a.max} 个。`,

    // 不是权重文件
    'web-page': () => '这是网页，不是权重文件：下载可能需要登录，或者这个地址只是介绍该文件的页面。',
    'git-lfs-pointer': () => '这是 Git LFS 指针，不是权重文件：请下载文件本身，或运行 git lfs pull。',
    'gzip-archive': () => '这是 gzip 压缩包，不是权重文件：请先解压。',
    'tar-archive': () =>
      `这是 tar 归档，PyTorch 0.1.10 之前的版本使用这种格式：请先解包，或用 torch.save(model.state_dict(), path) 重新保存。`,
    'hdf5-file': () => '这是 HDF5 文件，Keras 使用这种格式：请选择 PyTorch 的权重，即 safetensors 或 state dict。',
    'onnx-file': () =>
      '这是 ONNX 文件，即写成运算图的网络，无法读取：请选择生成它的 PyTorch 权重，即 safetensors 或 state dict，例如 torch.save(model.state_dict(), path)。',
    'npy-file': () => '这是 NumPy 数组（.npy），不是权重文件：请选择 PyTorch 的权重，即 safetensors 或 state dict。',
    'npz-file': () =>
      '这是 NumPy 数组文件（.npz），里面不是 PyTorch 的张量：请存为张量，例如 torch.save({name: torch.from_numpy(array) for name, array in numpy.load(path).items()}, path)。',
    'exported-program': () =>
      '这是 torch.export 的程序（.pt2），无法读取：请用 torch.save(model.state_dict(), path) 保存生成它的网络的 state dict，或保存 torch.export.load(file).state_dict。',
    'keras-file': () => '这是 Keras 文件（.keras），不是 PyTorch 的：请选择 PyTorch 的权重，即 safetensors 或 state dict。',
    'zip-archive': () => '这是 zip 压缩包，但不是 PyTorch 写的（没有 data.pkl）：请先解包，再选择其中的权重文件。',
    'other-framework': (a) => `这是另一个框架（${a.framework}）的文件：请选择 PyTorch 的权重，即 safetensors 或 state dict。`,
    'torchscript-frozen': () =>
      '这是冻结过的 TorchScript 程序：它的张量成了代码中的常量，没有名称。请用 torch.save(model.state_dict(), path) 保存网络的 state dict，或不经 torch.jit.freeze 保存程序。',
    'numpy-arrays': (a) =>
      `这个 PyTorch 文件里是 NumPy 数组（例如“${a.name}”），没有张量：请存为张量，例如 torch.save({name: torch.from_numpy(array) for name, array in state.items()}, path)。`,
    'picture-as-weights': () => '这是图片，不是权重文件：请把它作为图片，把 safetensors 文件或 PyTorch 的 state dict 作为权重。',
    'empty-file': () => '这个文件是空的：请重新下载或复制。',

    // safetensors 文件
    'safetensors-length': (a) => `${incomplete(a.bytes)}：前八个字节应是文件头的长度；请重新复制或转换。`,
    'safetensors-header-length': (a) =>
      `${incomplete(a.bytes)}：文件头会有 ${n(a.length)} 字节，而最多允许 ${a.max} MiB；请重新复制或转换。`,
    'safetensors-header-cut': (a) =>
      `${incomplete(a.bytes)}：文件头应有 ${n(a.length)} 字节，后面却只有 ${n(a.follow)} 字节；请重新复制或转换。`,
    'safetensors-header': (a) => `${incomplete(a.bytes)}：无法读懂文件头（${a.cause}）；请重新复制或转换。`,
    'tensor-overlap': (a) =>
      `${header(a.name)}：它从第 ${n(a.from)} 字节开始，与前一个张量重叠，后者到第 ${n(a.end)} 字节才结束；请重新转换文件。`,
    'tensor-gap': (a) =>
      `${header(a.name)}：它从第 ${n(a.from)} 字节开始，而前面的张量到第 ${n(a.end)} 字节就结束了，中间留有空隙；请重新转换文件。`,
    'tensor-bytes': (a) =>
      `${header(a.name)}：它占第 ${n(a.from)} 到 ${n(a.to)} 字节，与形状 ${a.shape}、类型 ${a.dtype} 所需的长度不符；请重新转换文件。`,
    'safetensors-data-left': (a) => `权重文件太长：文件头声明张量共 ${n(a.declared)} 字节，后面却有 ${n(a.found)} 字节；${COPY_AGAIN}。`,
    'safetensors-data-length': (a) =>
      `权重文件不完整：文件头声明张量共 ${n(a.declared)} 字节，后面却只有 ${n(a.found)} 字节；${COPY_AGAIN}。`,
    'tensors-unwritable': (a) => `无法写出张量：${a.cause}。`,
    'beyond-f16': (a) => `张量“${a.name}”中有 ${a.value}，超出了 f16 的范围；请改用 f32。`,

    // PyTorch 文件
    'tensor-type': (a) => `张量“${a.name}”的类型是 ${a.dtype}；可以读取 F64、F32、F16 和 BF16，以及带有缩放系数（“weight_scale”）的 I8。`,
    'no-state-dict': (a) =>
      `这个 PyTorch 文件中是${led(phrase(a.found))}，在 ${a.depth} 层字典之内没有 state dict；请用 torch.save(model.state_dict(), path) 保存。`,
    'pickle-state': () => `${PICKLE}给不是对象的值设置了状态；${SAVE}。`,
    'weight-file-unreadable': (a) => `无法读取权重文件：${a.cause}。`,
    'weights-size': (a) => `网络的张量在文件中占 ${n(a.found)} MiB；最多可以读取 ${n(a.max)} MiB。请保存为 16 位数值：model.half()。`,
    'no-tensor': (a) =>
      `“${a.name}”不是能读取的张量，而是${led(phrase(a.class))}；没有调用它。请保存普通张量的 state dict：torch.save(model.state_dict(), path)。`,
    'storage-type': (a) => `张量“${a.name}”中的数属于不能读取的类型（每个 ${a.width} 字节），例如复数或量化的数；请保存为 float32。`,
    'tensor-shape-only': (a) => `张量“${a.name}”目前只读取了形状，没有读取数值。`,
    'several-networks': (a) => `文件中有好几个网络：${names(a.states)}；请在“${own.title}”下的“${own.state}”中选择一个，或者只保存它。`,
    'other-state': (a) =>
      `文件中“${a.unknown}”之下的网络不认识，${names(a.states)}之下的认识；请在“${own.title}”下的“${own.state}”中选择后者，或者只保存一个网络的 state dict。`,
    'unknown-state': (a) => `文件中“${a.wanted}”之下没有网络；可选的有：${names(a.known)}。`,
    'unknown-class': (a) => `这个文件是${led(a.class)} 类的整个模块。${nested(a.error)}。`,
    'order-ambiguous': (a) =>
      `文件中张量的名称看不出网络，而按顺序和形状既符合${led(phrase(a.first))}，也符合${led(phrase(a.second))}；请按 torchvision 的方式命名。`,
    'matched-by-order': (a) => `文件中张量的名称看不出网络：按顺序和形状，它们属于${led(phrase(a.title))}。`,
    'cover-share': (a) => `要遮住的比例须大于 0 且小于 1（图片共 ${n(a.all)} 个像素），而这里是 ${a.share}。`,
    'cover-places': (a) => `遮盖最多可移到另外 ${n(a.max)} 处，而这里是 ${n(a.places)} 处。`,
    'compare-size': (a) => `热力图比较时的边长须为 1 到 ${n(a.max)} 像素，而这里是 ${a.size}。`,
    'maps-of-other-channels': (a) => `${phrase(a.one)}与${phrase(a.other)}无法比较：一个给出热力图，另一个给出带符号的图片。`,
    'nothing-in-common': () => '两张图片没有共同的部分；请让第二张图片移动得比它的边长少。',
    'no-head': () => '文件中只有网络的特征部分，没有分类层：没有类别，以平均激活代替得分。如需类别得分，请保存整个网络的 state dict。',
    'method-needs-classifier': (a) =>
      `${a.method} 解释某个类别，而权重文件中没有分类层；请选择 ${names(a.others)}，或者保存整个网络的 state dict。`,
    'head-inputs': (a) => `文件中的分类头需要 ${n(a.inputs)} 个数，而网络的特征有 ${n(a.channels)} 个通道；分类头属于另一个网络。`,
    'head-ambiguous': (a) =>
      `除了网络的特征部分，文件中还有这些层：${names(a.layers)}；它们不是 ${n(a.channels)} 个通道之上依次相连的线性层。请保存只有一个分类头的网络。`,
    'head-unknown': (a) =>
      `除了网络的特征部分，文件中还有张量“${a.name}”，形状是 ${a.shape}，属于那里的 ${a.count} 个模块之一；分类头只能由线性层和批归一化组成。`,
    'head-activations': (a) => `文件中的分类头有这些层：${names(a.layers)}；假定线性层之间是 ReLU，因为权重文件不会说明。`,
    'head-pooling': (a) =>
      `文件中的分类头从 ${n(a.channels)} 个通道取 ${n(a.inputs)} 个数：假定先是最大值，后是平均值，如同 fastai 的池化。`,
    'head-pooling-parts': (a) =>
      `文件中的分类头从 ${n(a.channels)} 个通道取 ${n(a.inputs)} 个数：假定它们是把图片分成 ${a.pooled} × ${a.pooled} 块后各块的平均值。`,
    'head-of-several': (a) =>
      `文件中的分类头需要 ${n(a.inputs)} 个数；文件中除了这个网络的特征部分（${n(a.channels)} 个通道），还有另一个网络的特征部分，分类头可能同时用到两者。请保存只有一个特征部分的网络。`,
    'head-without-bias': () => '文件中的最后一层没有偏置：假定它是线性层。ArcFace 之类比较角度的分类头也没有偏置，但计算方式不同。',
    'colours-needed': (a) => `这个网络先变换三种颜色，而它的第一个卷积有 ${n(a.inputs)} 个输入通道；请选择用于彩色图片的网络的权重。`,
    'squeeze-excitation': () => '它的模块中有 squeeze-and-excitation，像 RegNetY 那样，本程序不计算。',
    'grey-input': () => '网络只有一个输入通道：图片会转换为灰度，并按各颜色数值的平均来归一化。',
    'several-states': (a) => `文件中有好几个网络，用的是“${a.used}”；可以在“${own.title}”下的“${own.state}”中另选：${names(a.others)}。`,
    'picture-transparent': () => '图片有透明之处：它被铺在白色上。',
    'one-output': () =>
      `网络只有一个输出，假定它回答“是”或“否”：其 sigmoid 就是“是”的概率。如果它是数值，请在“${own.title}”下的“${own.problem}”中选择“${own.problems.value}”。`,
    'outputs-independent': () => '假定各个输出互不相关，因为文件在损失中为每个输出设了权重（“pos_weight”）：概率是各输出的 sigmoid。',
    'target-without-probability': () => `这个网络给出的是数值，没有概率；请在“${target}”中选择“${logit}”，也就是数值本身。`,
    'torchvision-assumed': (a) =>
      `步长、填充、激活函数、池化和归一化的 eps 假定与 ${a.library} 相同，没有抗锯齿：没有模型卡另作说明，权重文件也不会说明。`,
    'colours-assumed': (a) => `假定颜色以红色为先，并按均值 ${a.mean}、标准差 ${a.std} 归一化：没有模型卡另作说明，权重文件也不会说明。`,
    'order-assumed': () =>
      `假定颜色以红色为先：许多网络（例如 Caffe 和 OpenCV 的）以蓝色为先，而权重文件不会说明。请在“${own.title}”下的“${own.fields.order}”中说明。`,
    'network-variant': (a) => `${phrase(a.title)}（${a.network}）没有“${a.variant}”这种计算方式；可选的有 ${names(a.known)}。`,
    'variant-without-bottlenecks': (a) => `“${a.variant}”改变瓶颈块中的步长，而这些张量构成的 ResNet 没有瓶颈块；请选择“torchvision”。`,
    'variant-without-small-stem': (a) => `“${a.variant}”用于第一个卷积是 3×3 的网络，而这些张量不是；请选择“torchvision”。`,
    'head-first': (a) =>
      `分类头的第一层“${a.first}”之前是“${a.before}”，它没有张量：当作在此不起作用的 dropout。如果那里是 Tanh 之类的激活函数，得分会不同，而权重文件不会说明。`,
    'input-by-numbers': (a) => `这个网络有 ${n(a.channels)} 个输入通道，图片没有这么多：它只能解释数值。`,
    'input-channel-count': (a) => `输入有 ${n(a.found)} 个通道，而用这些权重的${led(phrase(a.network))}需要 ${n(a.wanted)} 个。`,
    'input-channels-differ': (a) => `有 ${n(a.first)} 个通道和 ${n(a.other)} 个通道的输入不能放在同一批中。`,
    'input-channels-allowed': (a) => `给出的输入有 ${n(a.found)} 个通道；可以有 1 到 ${n(a.max)} 个。`,
    'normalisation-replaced': (a) =>
      `模型卡的均值和标准差不属于所选的取值范围 ${a.range}，因此不起作用，起作用的是均值 0 和标准差 1。如果网络按别的数值训练，请也给出 ${a.range} 的均值和标准差。`,
    'normalisation-assumed': (a) => `假定颜色按均值 ${a.mean}、标准差 ${a.std} 归一化：没有模型卡另作说明，权重文件也不会说明。`,
    'transform-input-assumed': () =>
      '假定网络的第一步把 ImageNet 的归一化变成它自己的，如同 torchvision 发布的权重。timm 的网络和从头训练的网络没有这一步：请在模型的 config.json 中用“transform_input”说明。',
    'outputs-softmax': (a) => `文件中最后一层之后有 ${a.end}：得分是它的输入，而不是它的输出。`,
    'shortcut-average': () =>
      '它的捷径在卷积之前有没有张量的东西：在有步长之处假定是 2×2 的平均池化，如同 timm 的 avg_down，因为权重文件不会说明。',
    'network-behind': (a) =>
      `在文件的网络中，“${a.before}”处在${led(phrase(a.title))}之前，而且没有张量：当作不起作用。如果那里是颜色归一化或池化，得分会不同，而权重文件不会说明；如果是归一化，请说明它的均值和标准差。`,
    'head-pooling-order': (a) =>
      `文件中的层“${a.name}”从 ${n(a.channels)} 个通道取 ${n(a.inputs)} 个数，即最大值和平均值：timm（catavgmax）把平均值放在前面，fastai 把最大值放在前面，而权重文件不会说明。请保存完整的模块，或保存按平均值池化的网络。`,
    'outputs-sigmoid': () => '假定各个输出互不相关，因为文件中最后一层之后有 Sigmoid：概率是各输出的 sigmoid，得分是它的输入。',
    'module-unknown': (a) =>
      `文件中有些类的代码无从得知：${a.classes}。文件的张量按${led(phrase(a.title))}来计算，这样的、没有张量的模块则略去；如果那些代码的计算方式不同，得分就是错的。`,
    'module-code': (a) => `文件中有些模块在类之外还有代码，这些代码不会被读取：${a.modules}。如果它们改变计算结果，得分和热力图就是错的。`,
    'module-window': (a) =>
      `文件中的模块“${a.name}”对 ${a.kernel} 的窗口求平均：当作所有位置的平均，最后一层的行数和列数与窗口相同时正是如此。`,
    'variant-ambiguous': (a) => `文件中的模块既符合${led(phrase(a.title))}的计算方式“${a.first}”，也符合“${a.second}”；请说明是哪一种。`,
    'normalisation-half': (a) =>
      `说明了取值 ${a.range} 的${phrase(a.given)}，而模型卡中的${phrase(a.missing)}是取值 ${a.stated} 的；请两者都说明。`,
    'transform-input-contradicts': (a) =>
      `“transform_input”被说明为 ${a.stated}，而文件是一个完整的模块，其中写的是 ${a.told}；请作相同的说明，或不作说明。`,
    'module-contradicts': (a) =>
      `文件中的模块“${a.name}”是 ${phrase(a.found)}，而这个网络在那里是 ${phrase(a.wanted)}：计算结果会与文件中的网络不同。如果这并非本意，请把张量载入未改动的网络，再保存它的 state dict。`,
    'module-order': (a) =>
      `文件中的网络${phrase(a.place)}运行 ${phrase(a.found)}，而这个网络在那里运行 ${phrase(a.wanted)}：得分会不同。如果这并非本意，请把张量载入未改动的网络，再保存它的 state dict。`,
    'tensor-pruned': (a) =>
      `这个网络被剪枝过，文件中“${a.name}”和它的掩码代替了张量：请对每个剪枝过的模块调用 torch.nn.utils.prune.remove(module, name) 使剪枝永久生效，再重新保存 state dict。`,
    'tensor-parametrised': (a) =>
      `文件中有“${a.name}”，PyTorch 每一步都由它重新计算权重：请用 ${a.call} 使它固定下来，再重新保存 state dict。`,
    'deep-stem': () => '它的开头是三个 3×3 卷积，如同 timm 的 ResNet-D（resnet18d、resnet50d）；这里只计算开头是一个卷积的 ResNet。',
    'relu-assumed': (a) =>
      `分类头“${a.head}”不属于 torchvision 的 DenseNet：假定特征部分与它之间有一个 ReLU，如同 torchvision 所调用的，因为权重文件不会说明。`,
    'input-channels': (a) =>
      `这个网络有 ${n(a.channels)} 个输入通道，而图片有 3 个，转换为灰度后有 1 个。本页面只解释图片；请选择用于彩色或灰度图片的网络的权重，或用命令行解释数值。`,
    'convolution-groups': (a) => `卷积“${a.name}”有 ${n(a.inputs)} 个输入通道和 ${n(a.outputs)} 个输出通道，无法平分为 ${n(a.groups)} 组。`,
    'stem-for-small-pictures': () =>
      '网络的第一个卷积是 3×3 的，如同用于 CIFAR 图片的网络：假定步长为 1 且没有最大池化，因为权重文件不会说明。',
    'zip-damaged': (a) => `${ZIP}已损坏（${a.cause}）；${COPY_AGAIN}。`,
    'zip-entries': (a) => `${ZIP}中的文件超过 ${n(a.max)} 个；请只保存 state dict。`,
    'zip-overlap': () => `${ZIP}中有互相重叠的文件；${SAVE_AGAIN}。`,
    'zip-entry-missing': (a) => `${ZIP}中缺少“${a.name}”；${COPY_AGAIN}。`,
    'zip-entry-compressed': (a) => `${ZIP}中的“${a.name}”是压缩的，而 PyTorch 从不压缩；${SAVE_AGAIN}。`,
    'zip-entry-damaged': (a) => `${ZIP}中的“${a.name}”已损坏（校验和不符）；${COPY_AGAIN}。`,
    'big-endian': () => '这个 PyTorch 文件中的数字是大端序；请存为 safetensors，它是小端序。',
    'not-torch-save': () => `这个文件是 pickle，但不是由 torch.save 写的；${SAVE}。`,
    'torch-protocol': (a) => `这个 PyTorch 文件的协议是${led(phrase(a.found))}，应为 1001；${SAVE_AGAIN}。`,
    'storage-key': () => `这个 PyTorch 文件中有一个存储块的键不是文本；${SAVE_AGAIN}。`,
    'storage-cut': (a) => `这个 PyTorch 文件在存储块“${a.key}”中间就结束了；${COPY_AGAIN}。`,
    'storage-unused': (a) => `这个 PyTorch 文件的存储块“${a.key}”不属于任何张量；${SAVE_AGAIN}。`,
    'storage-twice': (a) => `这个 PyTorch 文件中存储块“${a.key}”出现了两次；${SAVE_AGAIN}。`,
    'storage-missing': (a) => `这个 PyTorch 文件缺少存储块“${a.key}”；${COPY_AGAIN}。`,
    'storage-size': (a) =>
      `这个 PyTorch 文件的存储块“${a.key}”有 ${n(a.bytes)} 字节，与 ${n(a.numbers)} 个 ${a.dtype} 类型的数不符；${COPY_AGAIN}。`,
    'storage-form': () => `这个 PyTorch 文件中有一个存储块的命名方式与 PyTorch 不同；${SAVE_AGAIN}。`,
    'bytes-after-end': (a) => `这个 PyTorch 文件的最后一个存储块之后还有 ${n(a.count)} 字节；${COPY_AGAIN}。`,
    'tensor-count': (a) => `这个 PyTorch 文件中的张量超过 ${n(a.max)} 个；请只保存一个网络的 state dict。`,
    'tensor-repeats': (a) =>
      `张量“${a.name}”的形状 ${a.shape} 有 ${n(a.numbers)} 个数，而它的存储只有 ${n(a.held)} 个，被重复使用；请保存它的普通副本（tensor.clone()）。`,
    'tensor-beyond-storage': (a) =>
      `张量“${a.name}”（形状 ${a.shape}，步长 ${a.strides}，偏移 ${n(a.offset)}）超出了它那个有 ${n(a.numbers)} 个数的存储块；请重新复制文件。`,
    'tensor-form': (a) => `张量“${a.name}”的构造方式与 PyTorch 不同；请重新保存 state dict。`,
    'tensor-attribute': (a) => `张量“${a.name}”带有读取器不认识的属性“${a.attribute}”；请保存普通的张量。`,

    // PyTorch 文件的 pickle 数据
    'pickle-length': (a) =>
      `这个 PyTorch 文件的 data.pkl 有 ${n(a.bytes)} 字节；最多允许 ${a.max} MiB。其中可能有 NumPy 的数组：请只保存张量，用 torch.save(model.state_dict(), path)。`,
    'pickle-global-name': () => `${PICKLE}引用全局对象时，所用的名称不是文本。`,
    'pickle-opcode': (a) => `${PICKLE}的第 ${n(a.at)} 个字节是操作码 ${a.opcode}，而 state dict 不需要它；${SAVE}。`,
    'pickle-cut': (a) => `${PICKLE}在第 ${n(a.end)} 字节之后还没有结束，而文件或读取上限到此为止；${COPY_AGAIN}。`,
    'pickle-stack': (a) => `${PICKLE}压入栈中的值超过 ${n(a.max)} 个。`,
    'pickle-append': () => `${PICKLE}向既不是列表也不是字典的对象中添加值。`,
    'pickle-odd-dict': () => `${PICKLE}中有一个字典，其中有的键没有值。`,
    'pickle-call': () => `${PICKLE}调用了不是函数的对象。`,
    'pickle-arguments': (a) => `${PICKLE}调用 ${a.global} 时所用的参数是 PyTorch 从不写出的。`,
    'pickle-memo': (a) => `${PICKLE}在只记下 ${n(a.count)} 个值之后，就记到了编号 ${n(a.index)}。`,
    'pickle-recall': (a) => `${PICKLE}要取编号为 ${n(a.index)} 的值，而它从未被记下。`,
    'pickle-values': (a) => `${PICKLE}中的值占用的内存超过 ${n(a.max)} MiB。`,
    'pickle-starved': () => `${PICKLE}用到了不存在的值。`,
    'pickle-depth': (a) => `${PICKLE}中值的嵌套超过 ${n(a.max)} 层。`,
    'pickle-pairs': () => `${PICKLE}构造有序字典时，所用的不是键值对。`,
  };
  return errors;
};
