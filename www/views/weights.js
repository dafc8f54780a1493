// The network: one that comes with the page, one that is fetched, or the visitor's own.
import { text } from '../text.js';
import { embeddedView } from './embedded.js';
import { ownView } from './own.js';
import { repositoryView } from './repository.js';
import { zooView } from './zoo.js';

/**
 * `onEmbedded(entry)`, `onSource(source, entry)` and `onOwn(get)`, of `get()` that gives a model by a promise, tell by a
 * promise whether the engine took the model. `onFiles(files)` is called with files that were picked, as sorting.js sorts
 * them. `store` keeps what is fetched, and `hub` is where the page's address wants it to be fetched from, or null.
 */
export function weightsView({ store, hub, onEmbedded, onSource, onOwn, onFiles, onSay, onFailure }) {
  const open = document.getElementById('weights-open');
  let inUse = null; // the model that is explained

  const embedded = embeddedView({
    async onChoose(entry) {
      if (!(await onEmbedded(entry))) embedded.show(inUse);
    },
  });
  const own = ownView({ onLoad: onOwn, onFiles, onSay, onFailure });
  const repository = repositoryView({ hub, onSource, onHub: () => zoo.build(), onFailure });
  const zoo = zooView({ store, hub: () => repository.hub, onSource, onSay });

  return {
    pickOwn: own.pick,
    offer: own.offer,
    offerEmbedded({ models, zoo: entries }) {
      embedded.offer(models);
      zoo.offer(entries);
      own.fold();
    },
    show(model) {
      inUse = model;
      for (const view of [embedded, own, zoo]) view.show(model);
      open.textContent = text.weightsOpen(model);
      open.hidden = false;
    },
  };
}
