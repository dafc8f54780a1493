// What a person gives to the page: files that are dropped, pasted or chosen; and where the page tells what it uses.
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Where the elements of the picture and the network tell what is in use. */
export const inUse = (page) => ({
  network: page.locator('cl-model-picker .open'),
  picture: page.locator('cl-picture-source .open'),
});

/** A file as playwright takes it, from the disk or from its text. */
export const fileOf = (file, { name = path.basename(file), type = '' } = {}) => ({ name, mimeType: type, buffer: readFileSync(file) });
export const textFile = (name, text, type = 'text/plain') => ({ name, mimeType: type, buffer: Buffer.from(text) });

const given = (files) => files.map(({ name, mimeType, buffer }) => ({ name, type: mimeType, base64: buffer.toString('base64') }));

/** Drops files on the page, all at once. */
export const drop = (page, files) => hand(page, files, 'drop');

/** Pastes files, all at once. */
export const paste = (page, files) => hand(page, files, 'paste');

async function hand(page, files, how) {
  await page.evaluate(
    async ([all, event]) => {
      const transfer = new DataTransfer();
      for (const { name, type, base64 } of all) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)); // the policy forbids to fetch data:
        transfer.items.add(new File([bytes], name, { type, lastModified: 0 }));
      }
      const options = { bubbles: true, cancelable: true };
      document.body.dispatchEvent(
        event === 'drop'
          ? new DragEvent('drop', { ...options, dataTransfer: transfer })
          : new ClipboardEvent('paste', { ...options, clipboardData: transfer }),
      );
    },
    [given(files), how],
  );
}

/** Chooses files in the form for one's own network. */
export async function chooseWeights(page, files) {
  await page.locator('cl-model-picker details.own').evaluate((drawer) => (drawer.open = true));
  await page.locator('cl-own-network input.weights').setInputFiles(files);
}
