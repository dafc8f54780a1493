// The words of what is embedded before it is revealed. They come with it: everything else is loaded later.

export default () => ({
  show: 'Show the heatmap',
  open: 'Open CAM Lucida here',
  loading: 'Loading…',
  failed: 'CAM Lucida did not load. Check the connection, then try again.',
  retry: 'Try again',
});
