// Pictures that a visitor drops on a page.

/** Drops pictures on the page: drawn ones, each another, of 1200 × 900 pixels. */
export const dropPictures = (page, count) =>
  page.evaluate(async (many) => {
    const transfer = new DataTransfer();
    const canvas = new OffscreenCanvas(1200, 900);
    const context = canvas.getContext('2d');
    for (let i = 0; i < many; i++) {
      context.fillStyle = `hsl(${(i * 47) % 360} 60% 70%)`;
      context.fillRect(0, 0, 1200, 900);
      context.fillStyle = `hsl(${(i * 91) % 360} 80% 40%)`;
      context.beginPath();
      context.arc(200 + ((i * 137) % 800), 200 + ((i * 71) % 500), 150, 0, 7);
      context.fill();
      transfer.items.add(new File([await canvas.convertToBlob({ type: 'image/jpeg' })], `picture-${i + 1}.jpg`, { type: 'image/jpeg' }));
    }
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, count);
