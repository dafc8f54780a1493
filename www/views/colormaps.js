// The colours of the engine's colour maps, for every strip that says by its data-colormap which one it shows.

const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);

export function offerColormaps({ colormaps }) {
  const rule = ({ name, colours }) => `[data-colormap="${name}"] { background: linear-gradient(90deg, ${colours.join(', ')}); }`;
  sheet.replaceSync(colormaps.map(rule).join('\n'));
}
