// 图片与网络的来源。

/** @typedef {{ label: string, hair: string, tool: string }} Person */

const PEOPLE = /** @type {Record<string, string>} */ ({
  doctor: '医生',
  nurse: '护士',
  short: '短发',
  long: '长发',
  stethoscope: '戴着听诊器',
  syringe: '手持注射器',
});

/** @param {import('../format.js').Formatters} f */
export default (f) => ({
  choosePicture: '选择图片',
  pictureHint: '也可以把图片拖放或粘贴到页面任意位置。',
  formats: (/** @type {string[]} */ names) => `支持 ${names.join('、')} 格式。`,
  pictureOpen: (/** @type {string} */ name, /** @type {string} */ width, /** @type {string} */ height) =>
    `${name}，${width} × ${height} 像素`,

  camera: {
    open: '摄像头',
    title: '拍照',
    preview: '摄像头画面',
    starting: '浏览器可能会询问是否允许本页面使用摄像头。',
    stays: '照片只留在此浏览器中。',
    start: '打开摄像头',
    take: '拍下照片',
    which: '使用哪个摄像头',
    nameless: (/** @type {number} */ number) => `摄像头 ${f.number(number)}`,
    cancel: '取消',
    chooseFile: '选择图片文件',
    file: 'camera.jpg',
    trouble: {
      refused: '本页面未获准使用摄像头。请在浏览器设置中允许，或改为选择图片文件。',
      none: '浏览器在此设备上找不到摄像头。请接上摄像头，或改为选择图片文件。',
      gone: '您选择的摄像头已断开。请打开另一个摄像头，或改为选择图片文件。',
      busy: '摄像头没有响应，可能正被其他程序占用。请关闭该程序，或改为选择图片文件。',
      ended: '摄像头中断了：可能被拔下、被关闭，或不再获准使用。请重新打开，或改为选择图片文件。',
      unavailable: '浏览器不允许在此页面上使用摄像头。请改为选择图片文件。',
    },
  },

  address: {
    open: '网址',
    label: '图片地址',
    example: 'https://example.org/photo.jpg',
    hint: '有些网站不允许其他页面读取其图片。遇到这种情况，请先保存图片，再选择该文件。',
    fetch: '打开',
  },

  samples: '示例图片',
  sampleKinds: { scenes: '贴纸场景', people: '手绘人物' },
  noSamples: '示例图片未能加载。',
  again: '重试',
  scenes: /** @type {Record<string, string | undefined>} */ ({
    meadow: '猫、狗和自行车',
    cats: '两只猫和一只老虎',
    street: '街道',
    table: '水果、披萨和蛋糕',
    hiding: '树后的猫',
    upset: '上下颠倒',
    single: '一只猫',
  }),
  person: (/** @type {Person} */ { label, hair, tool }) => `${PEOPLE[hair] ?? hair}、${PEOPLE[tool] ?? tool}的${PEOPLE[label] ?? label}`,

  ownPictures: '您的图片',
  compare: '并排对比这些图片',
  together: (/** @type {number} */ count) => `您一次给出了 ${f.number(count)} 张图片。现在解释的是第一张，可在此选择其他图片。`,
  ownPicturesKept: '最近用过的图片保存在此浏览器中，重新加载页面后仍可使用。',
  forget: '清除',
  forgotten: '此浏览器已不再保存您的文件。',

  embedded: {
    knows: /** @type {Record<string, ((classes: number) => string) | undefined>} */ ({
      scenes: (count) => `用于 ${f.number(count)} 种贴纸的场景`,
      people: () => '用于手绘的医生与护士',
    }),
  },
  knows: /** @type {Record<string, (classes: number) => string>} */ ({
    scenes: (count) => `它认识 ${f.number(count)} 种手绘贴纸，从未见过照片。`,
    people: () => '它只会区分手绘的医生与护士，其他一概不知。',
    photographs: (count) => `它认识照片中的 ${f.number(count)} 种动物、植物和物品。`,
  }),
  inUse: (/** @type {string} */ name, /** @type {number} */ classes, /** @type {number} */ layers) =>
    `正在使用：${name}，${f.number(classes)} 个类别，${f.number(layers)} 层。`,
  from: (/** @type {string} */ title, /** @type {string} */ file) => `${title}（来自 ${file}）`,
  notKeptHere: '此浏览器没有保存它。',
  gap: '',

  zoo: {
    title: (/** @type {number} */ count) => `识别照片的网络（${f.number(count)}）`,
    keptTitle: '此浏览器保存的网络',
    label: '识别照片的网络',
    hint: '每个网络只需从其作者处下载一次，之后由此浏览器保存。',
    classes: (/** @type {number} */ count) => `${f.number(count)} 个类别`,
    about: (/** @type {string} */ mebibytes) => `约 ${mebibytes} MiB`,
    between: ' · ',
    used: '使用中',
    kept: '已保存',
    load: '加载',
    loadOf: (/** @type {string} */ title, /** @type {string} */ size) => `加载 ${title}，${size}`,
    remove: '删除',
    removeOf: (/** @type {string} */ title) => `从此浏览器删除 ${title}`,
    keptInAll: (/** @type {number} */ count, /** @type {string} */ size) => `此浏览器保存了 ${f.number(count)} 个网络，共 ${size}。`,
    clear: '全部删除',
    removed: (/** @type {string} */ title) => `此浏览器已不再保存 ${title}。`,
    cleared: '此浏览器已不再保存任何网络。',
  },

  repository: {
    title: '来自 Hugging Face 或其他网站',
    name: '仓库或地址',
    hint: '仓库写作“所有者/名称”；也可以填写文件夹、权重文件或其 Hugging Face、GitHub 页面的地址，文件夹中应有 model.safetensors 和 config.json。本站内的地址以 ./ 开头。',
    advanced: '高级选项',
    revision: '分支、标签或提交',
    host: '仓库服务器',
    fetch: '加载',
  },

  own: {
    title: '您自己的网络',
    network: '网络结构',
    recognise: '根据文件识别',
    weights: '选择权重文件',
    labels: '类别名称（可选）',
    weightsHint: '如果有 config.json、preprocessor_config.json 和类别名称，请与权重文件一起选择或拖放。',
    given: (/** @type {string[]} */ files) => `已选择：${f.list(files)}`,
    kept: '它保存在此浏览器中，重新加载页面后仍可使用。',
    notKept: '此浏览器只保存不超过 64 MiB 的文件。重新加载页面后，请再次选择它。',
    state: '采用文件中的哪个网络',
    noState: '请选择',
    problem: '输出的含义',
    asFiles: '以文件为准',
    problems: /** @type {Record<string, string>} */ ({
      single: '各类别的得分，一幅图属于其中一类',
      multiple: '各类别的得分，一幅图可以有多个类别',
      value: '数值，例如年龄',
    }),
    variant: '张量看不出来的计算方式',
    variants: /** @type {Record<string, string>} */ ({
      torchvision: '与 torchvision 相同',
      'caffe-strides': '步长与 Caffe 的 ResNet 相同',
      'cifar-strides': '没有前两处步长，用于 CIFAR',
      'cifar-pool': '第一个 3×3 卷积之后有池化，用于 CIFAR',
      'timm-pool': '在隐藏层之后池化，如 timm 的 VGG',
    }),
    renamed: {
      title: (/** @type {number} */ count) => `文件中有 ${f.number(count)} 个张量名称不同`,
      file: '文件中的名称',
      name: 'torchvision 的名称',
    },
    preprocessing: '预处理',
    preprocessingHint: '只需填写文件中没有的内容。留空时采用文件中的值，文件也没有时采用 torchvision 的默认值。',
    fields: {
      size: '输入边长（像素），或行数和列数',
      mean: '红、绿、蓝的均值',
      std: '红、绿、蓝的标准差',
      range: '均值和标准差所依据的取值范围',
      order: '颜色的顺序',
    },
    value_ranges: /** @type {Record<string, string>} */ ({ '0-1': '0 到 1', '0-255': '0 到 255，如同 Caffe' }),
    channel_orders: /** @type {Record<string, string>} */ ({ rgb: '红、绿、蓝', bgr: '蓝、绿、红，如同 OpenCV 和 Caffe' }),
    help: {
      title: '权重文件从哪里来？',
      files:
        '在 PyTorch 中保存 state_dict 或检查点即可得到权重文件：.pth、.pt、.bin、.ckpt、.pth.tar 或 .safetensors。网络结构须在上面的列表中。张量名称可以是 torchvision、timm 或其他库的名称，前缀不限。',
      python: '例如用 Python：',
      code: 'Python 代码',
      copy: '复制代码',
      copied: '代码已复制。',
      notCopied: '浏览器不允许在此复制，请手动选中代码。',
      names: '类别名称可以是每行一个名称的文本文件，顺序与类别编号一致；也可以是含有编号和名称的表格（CSV）或 JSON。',
    },
  },
  waitingForWeights: (/** @type {string[]} */ files) => `${f.list(files)}：现在请选择与之对应的权重文件。`,
});
