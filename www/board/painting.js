// The board as a picture. These pixels, and no others, are what the network is given.

/** Backgrounds by the names that text.js has for them. Each fills a square. */
export const BACKGROUNDS = {
  meadow(context, side) {
    const horizon = 0.52 * side;
    fill(context, side, 0, horizon, ['#599ef2', '#bfe0ff']);
    fill(context, side, horizon, side, ['#549a37', '#6cb845']);
    tufts(context, side, horizon);
  },
  plain(context, side) {
    context.fillStyle = '#d9d2c0';
    context.fillRect(0, 0, side, side);
  },
  gradient(context, side) {
    const gradient = context.createLinearGradient(0, 0, side, side);
    gradient.addColorStop(0, '#f2c9a1');
    gradient.addColorStop(1, '#7f8fc9');
    context.fillStyle = gradient;
    context.fillRect(0, 0, side, side);
  },
};

function fill(context, side, top, bottom, colours) {
  const gradient = context.createLinearGradient(0, top, 0, bottom);
  colours.forEach((colour, i) => gradient.addColorStop(i, colour));
  context.fillStyle = gradient;
  context.fillRect(0, top, side, bottom - top);
}

/** Grass, always the same: the low bits of multiples of large primes look scattered enough. */
function tufts(context, side, horizon) {
  for (let i = 0; i < 260; i++) {
    const near = ((i * 7919) % 1000) / 1000;
    const x = (((i * 104729) % 1009) / 1009) * side;
    const y = horizon + near * (side - horizon);
    const height = side * (0.008 + 0.02 * near);
    context.fillStyle = i % 2 ? '#47882f' : '#7fc653';
    context.beginPath();
    context.moveTo(x - height / 4, y);
    context.lineTo(x + ((i % 5) - 2) * (height / 6), y - height);
    context.lineTo(x + height / 4, y);
    context.fill();
  }
}

/** Paints scenes on `canvas`, and gives what it has painted. */
export function painter(canvas, sheet) {
  const side = canvas.width;
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  context.imageSmoothingQuality = 'high';
  const grounds = new Map();

  function ground(name) {
    if (!grounds.has(name)) {
      const drawn = new OffscreenCanvas(side, side);
      BACKGROUNDS[name](drawn.getContext('2d'), side);
      grounds.set(name, drawn);
    }
    return grounds.get(name);
  }

  return {
    paint({ background, stickers }) {
      context.drawImage(ground(background), 0, 0);
      for (const { class: name, x, y, size, angle } of stickers) {
        context.save();
        context.translate(x * side, y * side);
        context.rotate((angle * Math.PI) / 180);
        sheet.draw(context, name, size * side);
        context.restore();
      }
    },
    pixels: () => context.getImageData(0, 0, side, side),
    file: async (name) => new File([await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))], name, { type: 'image/png' }),
  };
}
