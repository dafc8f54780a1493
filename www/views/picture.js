// The picture: chosen from a file, dropped or pasted, and shown small once the engine could open it.
import { text } from '../text.js';

export function pictureView({ onPick }) {
  const [input, open, preview, name] =
    ['picture-file', 'picture-open', 'picture-preview', 'picture-name'].map((id) => document.getElementById(id));

  input.addEventListener('change', () => {
    const [file] = input.files;
    input.value = ''; // so that the same file can be chosen again
    if (file) onPick(file);
  });
  document.addEventListener('paste', (event) => {
    const file = [...event.clipboardData.files].find(({ type }) => type.startsWith('image/'));
    if (file) onPick(file);
  });

  return {
    show(picture) {
      URL.revokeObjectURL(preview.src);
      preview.src = URL.createObjectURL(picture.file);
      name.textContent = text.pictureOpen(picture);
      open.hidden = false;
    },
  };
}
