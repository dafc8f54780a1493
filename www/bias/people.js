// The pictures of people that come with the page, and what was measured on many more of them.

const FOLDER = new URL('../people/', import.meta.url);

/** `{ pictures, figures }`, or null where there are no pictures; `figures` is null where nothing was measured. */
export async function people() {
  const [index, figures] = await Promise.all([json('index.json'), json('figures.json')]);
  return index && { pictures: await Promise.all(index.pictures.map(picture)), figures };
}

/** As the engine takes pictures, with `about` what is in it. */
async function picture(about) {
  const url = new URL(about.file, FOLDER).href;
  const response = await fetch(url);
  return { file: new File([await response.blob()], about.file), url, about };
}

async function json(name) {
  const response = await fetch(new URL(name, FOLDER));
  return response.ok ? response.json() : null;
}
