// 嵌入内容在显示之前的文字。

export default () => ({
  show: '显示热力图',
  open: '在此打开 CAM Lucida',
  loading: '正在加载…',
  failed: 'CAM Lucida 未能加载。请检查网络连接，然后重试。',
  retry: '重试',
});
