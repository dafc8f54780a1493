// 引擎错误的参数里有些是英文短语，甚至是另一条错误的整句话；这里把它们译成中文，认不出的保持原样。

/**
 * 短语，按引擎的写法。
 * @type {Record<string, string>}
 */
export const TERMS = {
  // unknown-name：不认识的是什么
  network: '网络',
  answer: '答案',
  layer: '层',
  method: '方法',
  setting: '参数',
  preset: '预设',
  target: '解释目标',
  merge: '合并方式',
  preprocessing: '预处理方式',
  interpolation: '插值方式',
  overlay: '叠加方式',
  'colour map': '配色',
  baseline: '基线',
  problem: '输出的含义',
  measure: '评估指标',
  // released：不再保留的是什么
  model: '模型',
  picture: '图片',
  explanation: '解释结果',
  // style-share
  opacity: '不透明度',
  threshold: '阈值',
  // not-finite
  'class scores': '类别得分',
  scores: '得分',
  activations: '激活',
  'scores, activations or gradients': '得分、激活或梯度',
  'activations, gradients or map': '激活、梯度或热力图',
  // preprocessing-*
  "the model's preprocessing": '模型的预处理',
  // picture-format
  'a web page': '网页',
  'a file of Photoshop': 'Photoshop 文件',
  'a ZIP archive': 'ZIP 压缩包',
  'an icon file': '图标文件',
  'an uncommon picture format': '不常见的图片格式',
  // picture-damaged
  'its end is missing': '缺少文件结尾',
  // torch-protocol
  'no number': '非数字的值',
  // no-state-dict
  'an empty dict': '一个空字典',
  'something other than a dict': '字典以外的内容',
  // module-order
  'a ReLU': 'ReLU',
  'a ReLU6': 'ReLU6',
  'a max pool': '最大池化',
  'an average pool': '平均池化',
  'the mean of all places': '所有位置的平均',
  'the sum of its branches': '各分支之和',
  nothing: '（空）',
  none: '（空）',
  first: '最先',
  // no-tensor
  'an unnamed object': '没有名称的对象',
  // unknown-name
  variant: '计算方式',
  'channel order': '颜色顺序',
  'value range': '取值范围',
  assumption: '假定',
  'choose one of': '可选的有',
  // tensor-missing
  'holds no tensors': '文件中没有张量',
};

/**
 * 带有值的短语。
 * @type {[RegExp, (...values: string[]) => string][]}
 */
const FORMS = [
  [/^after (.+)$/, (before) => `${phrase(before)} 之后`],
  [/^the function (.+) \((.+)\)$/, (name, place) => `函数 ${name}（${place}）`],
  [/^an? (.+) \((?:in )?(`.+`)\)$/, (kind, place) => `${kind}（${place}）`],
  [/^did you mean `(.+)`\? Choose one of$/, (name) => `是不是想写“${name}”？可选的有`],
  [
    /^holds `(.+?)`(?: and (\d+) more)?$/,
    (name, more) => (more ? `文件中有“${name}”等 ${Number(more) + 1} 个张量` : `文件中只有张量“${name}”`),
  ],
  [/^the text “(.+)”$/s, (text) => `文字“${text}”`],
  [/^the bytes (.+)$/, (bytes) => `字节 ${bytes} `],
  [/^(.+), small$/, (network) => `小型 ${network}`],
  [/^(.+) of another size$/, (network) => `其他规模的 ${network}`],
  [/^(.+) of TensorFlow$/, (network) => `TensorFlow 的 ${network}`],
  [/^a dict of (.+)$/s, (keys) => `键为 ${keys.replaceAll(', ', '、')} 的字典`],
];

/**
 * 会成为另一条错误的参数的整句话：与 Rust 源码一字不差，由测试核对。
 * @type {Record<string, string>}
 */
export const SENTENCES = {
  'module-contradicts':
    "the file's module `{name}` has {found}, where this network has {wanted}: the scores would differ. If the change is not meant, load the tensors into the unchanged network and save its state dict",
  'module-order':
    "the file's network runs {found} {place}, where this network runs {wanted}: the scores would differ. If the change is not meant, load the tensors into the unchanged network and save its state dict",
  'tensor-pruned':
    'the network was pruned, and the file holds `{name}` and its mask in place of a tensor: make it permanent with torch.nn.utils.prune.remove(module, name) for each module that was pruned, and save the state dict again',
  'tensor-parametrised':
    'the file holds `{name}`, of which PyTorch computes a weight anew at every step: make it permanent with {call}, and save the state dict again',
  'deep-stem':
    "its stem is of three convolutions of 3×3, as that of timm's ResNet-D (resnet18d, resnet50d); ResNets are computed with a stem of one convolution",
  'tensor-missing': 'tensor `{name}` is missing; the file {contents}',
  'tensor-shape': 'tensor `{name}` has shape {found}, but this network needs {wanted}',
  'tensor-superfluous': 'the file holds tensor `{name}`{more}, which this network does not have',
  'size-tensor-missing': "tensor `{name}` is missing; its shape tells the network's size",
  'size-tensor-shape': 'tensor `{name}` has shape {found}; this network needs {axes} axes there, each from 1 to {max}',
  'strides-unknown': 'the weights have {found} stages; MobileNetV2 is built with {wanted}, whose strides are known, and not with others',
  'network-size': 'the network would have {numbers} weights; up to {max} are allowed',
  'numbers-shared':
    'the network would have {numbers} weights, but the file holds {held} numbers, which its tensors share; save a plain copy of each tensor (tensor.clone())',
  'network-too-deep':
    "nothing is left of any picture at the network's last layer: by its tensors it halves a picture too often; choose weights of a listed network",
  'tensor-empty': 'tensor `{name}` would have the shape {shape} by the sizes of the other tensors; a network has no side of 0',
  'convolution-groups': 'convolution `{name}` has {inputs} channels in and {outputs} out, which do not form {groups} groups',
  'class-count': 'tensor `{name}` has shape {shape}; its first axis counts the classes, 1 to {max}',
  'head-inputs':
    "the file's head takes {inputs} numbers, but the network's features have {channels} channels; the head belongs to another network",
  'head-ambiguous':
    "beside the network's features the file holds the layers {layers}, which are no sequence of linear layers on {channels} channels; save a network with one head",
  'head-unknown':
    "beside the network's features the file holds tensor `{name}` of shape {shape}, one of {count} modules there; a head may have linear layers and batch normalisations",
  'head-pooling-order':
    "the file's layer `{name}` takes {inputs} numbers of {channels} channels, largest values and means: timm (catavgmax) puts the means first, fastai the largest values, and no weight file tells which. Save the whole module, or a network that pools to means",
  'head-of-several':
    "the file's head takes {inputs} numbers, and beside the network's features with their {channels} channels the file holds those of another network: the head may take both; save a network with one set of features",
  'no-tensor':
    '`{name}` is no tensor that can be read, but {class}; it was not called. Save the state dict with plain tensors: torch.save(model.state_dict(), path)',
  'storage-type':
    'tensor `{name}` is stored as numbers of a type that cannot be read, of {width} bytes each, such as complex or quantized ones; save it as float32',
  'unknown-network':
    'these tensors match no known network: {title} ({network}) comes closest, but {difference}. Use weights of a listed network, under the names of torchvision or timm',
  'unknown-tensors':
    'these tensors match no known network: the file {contents}. Use weights of a listed network, under the names of torchvision or timm',
  'labels-twice': 'the labels name class {id} twice, `{first}` and `{second}`; give each class one name',
  'labels-gap': 'the labels name class {found}, but not class {missing}; name each class from 0 to the last',
  'unknown-name': 'unknown {what} `{found}`; {hint}: {allowed}',
};

/** 短语的中文。 */
export function phrase(/** @type {string} */ english) {
  if (english in TERMS) return TERMS[english];
  for (const [form, say] of FORMS) {
    const found = form.exec(english);
    if (found) return say(...found.slice(1));
  }
  return english;
}

/** 名称之列：“a, b and 3 more”，或者“a, b or c”。 */
export function names(/** @type {string} */ english) {
  return english
    .replace(/ and (\d+) more$/, '等（另有 $1 个）')
    .replaceAll(', ', '、')
    .replaceAll(' and ', '、')
    .replace(/ or (\S+)$/, ' 或 $1');
}

/** 名称之后的“ and 3 more”。 */
export function more(/** @type {string} */ english) {
  return english.replace(/^ and (\d+) more$/, '（另有 $1 个）');
}

/**
 * 整句话的中文，由 `errors` 说出。
 * @param {string} english
 * @param {Record<string, (a: Record<string, string>) => string>} errors
 */
export function sentence(english, errors) {
  for (const [code, pattern] of PATTERNS) {
    const found = pattern.exec(english);
    if (found) return errors[code](found.groups ?? {});
  }
  return english;
}

/** 固定文字越多的句式越具体，排在前面。 */
const PATTERNS = Object.entries(SENTENCES)
  .sort(([, a], [, b]) => fixed(b) - fixed(a))
  .map(([code, template]) => /** @type {const} */ ([code, patternOf(template)]));

function fixed(/** @type {string} */ template) {
  return template.replace(/\{\w+\}/g, '').length;
}

function patternOf(/** @type {string} */ template) {
  const parts = template.split(/\{(\w+)\}/);
  const source = parts.map((part, i) => (i % 2 ? `(?<${part}>.*?)` : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${source.join('')}$`, 's');
}
