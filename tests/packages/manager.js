// A page that shows a notebook's widgets where there is no JupyterLab: by the widgets' own manager for such pages, with a kernel behind it.
import * as base from '@jupyter-widgets/base';
import { HTMLManager } from '@jupyter-widgets/html-manager';
import { KernelManager, ServerConnection } from '@jupyterlab/services';

const VIEW = 'application/vnd.jupyter.widget-view+json';

/** What anywidget brings to managers: it calls a global `define`. */
const anywidget = new Promise((resolve) => {
  globalThis.define = (_, make) => resolve(make(base));
});
const loaded = import('anywidget-of-the-wheel');

class Manager extends HTMLManager {
  constructor(kernel) {
    super({ loader: () => loaded.then(() => anywidget) });
    kernel.registerCommTarget(this.comm_target_name, (comm, message) => this.handle_comm_open(new base.shims.services.Comm(comm), message));
  }
}

const baseUrl = new URLSearchParams(location.search).get('server');
const serverSettings = ServerConnection.makeSettings({ baseUrl, wsUrl: baseUrl.replace('http', 'ws') });
const kernel = await new KernelManager({ serverSettings }).startNew({ name: 'python3' });
const manager = new Manager(kernel);

/** Runs a cell: shows the widget that it ends with, and gives what it prints. */
globalThis.run = async (code) => {
  const cell = kernel.requestExecute({ code });
  let printed = '';
  cell.onIOPub = async ({ header, content }) => {
    if (header.msg_type === 'stream') printed += content.text;
    if (header.msg_type === 'error') printed += content.traceback.join('\n');
    const shown = content.data?.[VIEW];
    if (shown) await manager.display_view(await manager.create_view(await manager.get_model(shown.model_id)), document.body);
  };
  await cell.done;
  return printed;
};
