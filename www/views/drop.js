// Files dropped anywhere on the page.

/** `onFiles(files)` is called with those that were dropped together. */
export function dropView({ onFiles }) {
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
    onFiles([...event.dataTransfer.files]);
  });
}
