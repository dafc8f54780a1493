// Files dropped anywhere on the page: each goes where its name says that it belongs.

export function dropView({ onPicture, onWeights, onLabels }) {
  const carriesFiles = (event) => event.dataTransfer.types.includes('Files');

  addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    document.body.classList.add('dropping');
  });
  addEventListener('dragleave', (event) => {
    // Leaving the window has no related target; moving between elements has one.
    if (!event.relatedTarget) document.body.classList.remove('dropping');
  });
  addEventListener('drop', (event) => {
    document.body.classList.remove('dropping');
    if (!carriesFiles(event)) return;
    event.preventDefault();
    for (const file of event.dataTransfer.files) {
      if (/\.safetensors$/i.test(file.name)) onWeights(file);
      else if (/\.(txt|json)$/i.test(file.name)) onLabels(file);
      else onPicture(file);
    }
  });
}
