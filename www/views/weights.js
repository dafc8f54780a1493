// The network: one that comes with the page, one that is fetched, or the visitor's own.
import { text } from '../text.js';
import { embeddedView } from './embedded.js';
import { ownView } from './own.js';
import { repositoryView } from './repository.js';
import { zooView } from './zoo.js';

/**
 * `onEmbedded(entry)`, `onSource(source, entry)` and `onOwn(get)`, of `get()` that gives weights by a promise, tell by a
 * promise whether the engine took the weights. `onFiles(files)` is called with files that were picked, as sorting.js sorts
 * them. `store` keeps what is fetched, and `hub` is where the page's address wants it to be fetched from, or null.
 */
export function weightsView({ store, hub, onEmbedded, onSource, onOwn, onFiles, onSay, onFailure }) {
  const open = document.getElementById('weights-open');
  let inUse = null; // the weights that the engine holds

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
    show(weights) {
      inUse = weights;
      for (const view of [embedded, own, zoo]) view.show(weights);
      open.textContent = text.weightsOpen(weights);
      open.hidden = false;
    },
  };
}
