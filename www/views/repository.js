// A network from any repository in the Hugging Face layout, or from any folder or file on the web.
import { HUB, hubAddress, sourceOf } from '../weights/source.js';

/** `hub` is what the page's address asks for, or null. `onSource(source)` loads; `onHub()` is called when the hub has changed. */
export function repositoryView({ hub, onSource, onHub, onFailure }) {
  const form = document.getElementById('repository-form');
  const { repository, revision, host } = form.elements;
  let used = HUB;
  host.placeholder = HUB;
  host.value = hub ?? '';

  function useHub() {
    used = hubAddress(host.value);
  }

  function attempt(work) {
    try {
      return work();
    } catch (error) {
      return onFailure(error);
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(() => onSource(sourceOf(repository.value, { revision: revision.value, hub: host.value })));
  });
  host.addEventListener('change', () => attempt(() => {
    useHub();
    onHub();
  }));
  attempt(useHub);

  return {
    /** The last one that is an address. */
    get hub() {
      return used;
    },
  };
}
