// 引擎的表格：方法、参数、预设、网络等的中文标题和说明。键与 Rust 源码中的名称相同，由测试核对。

const MAX_CHANNELS = '要试的通道数，从平均激活最高的通道开始';
const SEED = '随机数种子；种子相同，热力图就相同';
const PICTURE_NOISE = '噪声的标准差，以图片取值范围的比例表示';
const NOISY_COPIES = '加噪副本的数量';
const PATH_STEPS = '从空白图片到原图的步数';
const PYTORCH = { pytorch: '与常见的 PyTorch 代码一致' };

export default {
  titles: {
    logit: '类别得分（logit）',
    probability: '类别概率',
    contrast: '为什么是这一类而不是另一类',
    counterfactual: '反对这一类的证据',
    'log-probability': '类别概率的对数',

    squash: '把整张图片压成正方形',
    crop: '裁取中央',
    fit: '保留整张图片和宽高比',
    letterbox: '保留整张图片，两边补成正方形',

    blend: '均匀混合',
    'mask-weighted': '只给热区上色',
    seed: '把颜色加到图片上',
    heatmap: '只显示热力图',
    'z-score': '正负值（z-score）',
    'min-max': '正负值（从最低到最高）',

    mean: '各层的平均',
    max: '每个像素取最大值',
  },

  colormaps: {
    turbo: 'Turbo',
    jet: 'Jet',
    viridis: 'Viridis',
    inferno: 'Inferno',
    magma: 'Magma',
    plasma: 'Plasma',
    cividis: 'Cividis',
    grey: '灰度',
  },

  times: {
    forward: '前向传播',
    map: '热力图',
  },

  methods: {
    'grad-cam': {
      title: 'Grad-CAM',
      summary: '用梯度的平均值给各通道加权',
      settings: {},
      presets: {},
    },
    'grad-cam++': {
      title: 'Grad-CAM++',
      summary: '逐像素地用正梯度给各通道加权；图片中有多个同类物体时效果更好',
      settings: {},
      presets: { 'pytorch-grad-cam': '与 pytorch-grad-cam 库一致' },
    },
    cam: {
      title: 'CAM',
      summary: '用分类器自身的权重给各通道加权；只适用于以池化和一个线性层结尾的网络',
      settings: {},
      presets: {},
    },
    'layer-cam': {
      title: 'LayerCAM',
      summary: '激活与正梯度逐像素相乘；对浅层也有效',
      settings: {},
      presets: {},
    },
    'hires-cam': {
      title: 'HiResCAM',
      summary: '激活与梯度逐像素相乘',
      settings: {},
      presets: {},
    },
    'xgrad-cam': {
      title: 'XGrad-CAM',
      summary: '用梯度的平均值给各通道加权，激活越强的位置所占比重越大',
      settings: {},
      presets: {},
    },
    'element-wise': {
      title: '逐元素 Grad-CAM',
      summary: '激活与梯度逐元素相乘，只保留正的部分',
      settings: {},
      presets: {},
    },
    'eigen-cam': {
      title: 'EigenCAM',
      summary: '激活的第一主成分；与类别无关',
      settings: {},
      presets: {},
    },
    'smooth-grad-cam++': {
      title: 'Smooth Grad-CAM++',
      summary: '对图片的多个加噪副本计算 Grad-CAM++，再取平均',
      settings: { samples: NOISY_COPIES, spread: PICTURE_NOISE, seed: SEED },
      presets: { 'averaged-gradients': '先对梯度取平均' },
    },
    'integrated-grad-cam': {
      title: 'Integrated Grad-CAM',
      summary: '从空白图片逐步变到原图，对每一步的 Grad-CAM 取平均',
      settings: { samples: PATH_STEPS },
      presets: {},
    },
    'augmented-grad-cam': {
      title: 'Augmented Grad-CAM',
      summary: '对旋转、平移和镜像后的副本计算 Grad-CAM，再按图片尺寸合成',
      settings: {},
      presets: {},
    },
    'score-cam': {
      title: 'Score-CAM',
      summary: '用每个通道遮盖图片，按遮盖后的得分给该通道加权；每个通道要做一次前向传播',
      settings: { max_channels: MAX_CHANNELS },
      presets: {},
    },
    'ss-cam': {
      title: 'SS-CAM',
      summary: '用加噪的掩码计算 Score-CAM，再取平均',
      settings: {
        samples: '每个通道的加噪掩码数量',
        spread: '噪声的标准差；掩码的取值在 0 到 1 之间',
        seed: SEED,
        max_channels: MAX_CHANNELS,
      },
      presets: {},
    },
    'is-cam': {
      title: 'IS-CAM',
      summary: '掩码逐步打开，对每一步的 Score-CAM 取平均',
      settings: { samples: '掩码从关闭到打开的步数', max_channels: MAX_CHANNELS },
      presets: {},
    },
    'ablation-cam': {
      title: 'Ablation-CAM',
      summary: '去掉一个通道后得分下降多少，就给该通道多大的权重',
      settings: { max_channels: MAX_CHANNELS },
      presets: {},
    },
    occlusion: {
      title: '遮挡法（Occlusion）',
      summary: '用方块遮住图片的一部分，看得分下降多少',
      settings: {
        patch: '方块的边长，以网络输入的像素计',
        stride: '方块每次移动的像素数',
      },
      presets: {},
    },
    rise: {
      title: 'RISE',
      summary: '用随机掩码遮盖图片，按遮盖后的得分给各掩码加权',
      settings: {
        samples: '随机掩码的数量',
        cells: '掩码每边的格数',
        probability: '打开的格子所占的比例，0.05 到 0.95',
        seed: SEED,
      },
      presets: {},
    },
    'guided-backprop': {
      title: '导向反向传播（Guided Backpropagation）',
      summary: '反向传播时，每个 ReLU 只传回正的梯度；各个类别的轮廓看起来几乎相同',
      settings: {},
      presets: PYTORCH,
    },
    'guided-grad-cam': {
      title: 'Guided Grad-CAM',
      summary: '只在 Grad-CAM 的热区显示导向反向传播的结果',
      settings: {},
      presets: PYTORCH,
    },
    'guided-grad-cam++': {
      title: 'Guided Grad-CAM++',
      summary: '只在 Grad-CAM++ 的热区显示导向反向传播的结果',
      settings: {},
      presets: PYTORCH,
    },
    deconvnet: {
      title: '反卷积网络（Deconvolutional Network）',
      summary: '反向传播时，在网络的每个 ReLU 处对梯度做一次 ReLU',
      settings: {},
      presets: {},
    },
    gradient: {
      title: '梯度（Gradient）',
      summary: '每个像素变化时，得分如何变化',
      settings: {},
      presets: {},
    },
    'gradient-x-input': {
      title: '梯度 × 输入（Gradient × Input）',
      summary: '每个像素的梯度乘以该像素的值',
      settings: {},
      presets: {},
    },
    'smooth-grad': {
      title: 'SmoothGrad',
      summary: '对图片的多个加噪副本求梯度，再取平均',
      settings: { samples: NOISY_COPIES, spread: PICTURE_NOISE, seed: SEED },
      presets: {},
    },
    'integrated-gradients': {
      title: '积分梯度（Integrated Gradients）',
      summary: '从空白图片逐步变到原图，对每一步的梯度取平均，再乘以各像素的变化量',
      settings: { samples: PATH_STEPS },
      presets: {},
    },
  },

  /** 标题中有英文词的网络；其余的标题就是论文中的名称。 */
  networks: {
    resnet_small: { title: '小型 ResNet' },
    mobilenet_v2_small: { title: '小型 MobileNetV2' },
    shufflenet_v2_small: { title: '小型 ShuffleNet V2' },
    densenet_small: { title: '小型 DenseNet' },
    vgg_small: { title: '小型 VGG' },
    squeezenet_small: { title: '小型 SqueezeNet' },
    resnet_other: { title: '其他规模的 ResNet' },
    mobilenet_v2_other: { title: '其他规模的 MobileNetV2' },
    mobilenet_v2_tensorflow: { title: 'TensorFlow 的 MobileNetV2' },
    shufflenet_v2_other: { title: '其他规模的 ShuffleNet V2' },
    densenet_other: { title: '其他规模的 DenseNet' },
    vgg_other: { title: '其他规模的 VGG' },
    squeezenet_other: { title: '其他规模的 SqueezeNet' },
  },

  /** 随页面提供的网络，按 models/index.json 中的名称。 */
  models: {
    'resnet-scenes': '小型 ResNet',
    'mobilenet-scenes': '小型 MobileNetV2',
    'densenet-scenes': '小型 DenseNet',
    'vgg-scenes': '小型 VGG',
    'shufflenet-scenes': '小型 ShuffleNet V2',
    'squeezenet-scenes': '小型 SqueezeNet',
    'people-biased': '医生还是护士（有偏）',
    'people-balanced': '医生还是护士（均衡）',
  },

  /** 模型库中网络的标题由专有名称组成，只换标点：“ResNet-50（torchvision，ImageNet）”。 */
  published: (/** @type {string} */ title) =>
    title.replace(/ \((.+)\)$/, (_, /** @type {string} */ names) => `（${names.replaceAll(', ', '，')}）`),
};
