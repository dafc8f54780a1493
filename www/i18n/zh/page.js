// 页面框架：页眉、菜单、状态、分享对话框。

/** @param {import('../format.js').Formatters} f */
export default (f) => ({
  name: 'CAM Lucida',
  title: (/** @type {string} */ view) => `${view} – CAM Lucida`,
  promise: '所有计算都在您的浏览器中完成，不会上传任何内容。',
  menu: '视图',
  views: { board: '贴纸板', bias: '探查偏见', explain: '解释图片' },
  short: { board: '贴纸', bias: '偏见', explain: '解释' },
  more: '更多',
  language: '语言',
  theme: '主题',
  themes: { auto: '自动', light: '浅色', dark: '深色', projector: '投影' },

  device: {
    cpu: () => '正在使用 CPU 计算。',
    gpu: (/** @type {string} */ name) => `正在使用 ${name} 计算。`,
    because: (/** @type {string} */ why) => `正在使用 CPU 计算，原因：${why.replace(/[.。]$/, '')}。`,
  },
  /** 不使用 GPU 的原因。 */
  why: /** @type {Record<string, ((failure: string) => string) | undefined>} */ ({
    'cpu-asked': () => '链接中指定了 CPU',
    'no-webgpu': () => '此浏览器在这里不提供 WebGPU',
    'no-adapter': () => 'WebGPU 找不到可用的显卡',
    'no-timestamps': () => '显卡不支持引擎所需的时间戳查询',
    'software-adapter': () => '唯一的显卡由软件模拟，速度会更慢',
    'gpu-failed': (failure) => `GPU 出错：${failure}`,
  }),
  restarted: (/** @type {string} */ why) => `${why}引擎已重新启动，图片、网络和各项选择都已保留。`,

  drop: '松开即可使用图片、权重或类别名称。',
  notKept: '浏览器无法保存这个网络供下次使用：空间不足，或不允许保存。',

  messages: '消息',
  working: '进度',
  cancel: '取消',
  cancelled: '已取消。',
  dismiss: '关闭此消息',
  retry: '重试',
  phases: /** @type {Record<string, string>} */ ({
    wait: '正在处理……',
    download: '正在下载网络……',
    choose_device: '正在启动引擎……',
    start: '正在启动引擎……',
    load_model: '正在加载权重……',
    open_picture: '正在打开图片……',
    open_pixels: '正在打开图片……',
    explain: '正在计算热力图……',
    raw_map: '正在读取热力图数据……',
  }),
  steps: (/** @type {string} */ done, /** @type {string} */ total) => `${done} / ${total}`,
  step: (/** @type {string} */ method, /** @type {string} */ steps) => `${method}：${steps}……`,
  bytes: (/** @type {string} */ done) => `已下载 ${done}`,
  bytesOf: (/** @type {string} */ done, /** @type {string} */ total) => `${done} / ${total}`,

  failed: /** @type {Record<string, string>} */ ({
    image: '无法使用这张图片。',
    weights: '无法使用这个权重文件。',
    labels: '无法使用这份类别名称。',
    address: '无法从该地址下载。',
    preprocessing: '无法这样预处理图片。',
    device: '引擎已停止。',
    request: '无法完成这项计算。',
    'out-of-memory': '内存不足，放不下这个网络。',
    view: '此视图未能加载。',
    link: '链接中的部分内容已略去。',
    language: '无法切换语言。',
  }),
  unexpected: '出错了。',
  sentences: /** @type {Record<string, ((a: any) => string) | undefined>} */ ({
    'link-refused': (/** @type {{ refused: { name: string, found: string }[] }} */ { refused }) =>
      `无法识别链接中的${f.list(refused.map(({ name, found }) => `“${name}=${found}”`))}，已忽略。`,
    'view-unreachable': ({ view, offline }) =>
      offline ? `设备处于离线状态，“${view()}”此前没有加载过。请连接互联网后重试。` : `服务器没有返回“${view()}”。请检查网络连接后重试。`,
    'language-unreachable': ({ language, offline }) =>
      offline
        ? `设备处于离线状态，${language} 的文字此前没有加载过。请连接互联网后重试。`
        : `服务器没有返回 ${language} 的文字。请检查网络连接后重试。`,
  }),

  share: {
    open: '分享',
    title: '分享此页面',
    close: '关闭',
    link: '链接',
    copy: '复制',
    copyLink: '复制链接',
    copyFrame: '复制代码',
    copied: '已复制。',
    notCopied: '浏览器不允许在此复制。请选中文字后自行复制。',
    code: '链接的二维码',
    codeTooLong: '链接太长，无法生成二维码。',
    frame: '嵌入网页的代码',
    hide: '隐藏',
    hint: '打开链接即可看到同一视图和同样的选择。',
    ownPicture: '您自己的图片只保存在本设备上，链接中不包含它。',
    ownModel: '您自己的网络只保存在本设备上，链接中不包含它。',
    parts: {
      header: '页眉',
      nav: '视图菜单',
      footer: '页脚',
      lead: '简介',
      picture: '图片选择',
      network: '网络选择',
      classes: '类别选择',
      method: '方法选择',
      layers: '层选择',
      appearance: '外观',
      save: '保存',
      share: '分享按钮',
      palette: '可添加的贴纸',
      tools: '贴纸工具',
      sureness: '网络的把握',
      caption: '图注',
      questions: '问题与解答',
    },
  },
});
