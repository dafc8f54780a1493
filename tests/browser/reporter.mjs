// One line a test, the reasons of failures and skips. At the end the failures again, since a log may only be kept from
// its end, and as the last line `N passed, N failed, N skipped`. What came of the faults that tests brought about is a table,
// faults.md beside the tests' other results.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deviceOf, tableOf } from './fault-table.mjs';

export default class Reporter {
  #counts = { passed: 0, failed: 0, skipped: 0 };
  /** @type {string[]} */
  #failures = [];
  /** @type {{ fault: string, device: string, outcome: string }[]} */
  #faults = [];
  #folder = '';

  onBegin({ projects: [{ outputDir }] }) {
    this.#folder = outputDir;
  }

  printsToStdio() {
    return true;
  }

  onTestEnd(test, result) {
    const outcome = result.status === 'passed' || result.status === 'skipped' ? result.status : 'failed';
    this.#counts[outcome]++;
    const [, project, , ...title] = test.titlePath();
    const line = `${outcome.padEnd(7)} ${project}: ${title.join(': ')} (${(result.duration / 1000).toFixed(1)} s)`;
    console.log(line);
    for (const { type, description } of result.annotations) {
      if (type === 'fault') this.#faults.push({ fault: description, device: deviceOf(project, title.at(-1)), outcome });
      if (outcome === 'skipped' && type === 'skip') console.log(`        because ${description}`);
    }
    if (outcome === 'failed') {
      const reasons = result.errors.map((error) => error.stack ?? error.message ?? error.value);
      for (const reason of reasons) console.log(reason);
      this.#failures.push(line, ...reasons);
      for (const output of [...result.stdout, ...result.stderr]) process.stdout.write(output);
    }
  }

  onError(error) {
    this.#counts.failed++;
    const reason = error.stack ?? error.message ?? error.value;
    console.log(reason);
    this.#failures.push(reason);
  }

  onEnd() {
    if (!this.#faults.length) return;
    const file = path.join(this.#folder, 'faults.md');
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(file, tableOf(this.#faults));
    console.log(`what came of ${this.#faults.length} faults: ${path.relative(process.cwd(), file)}`);
  }

  onExit() {
    const { passed, failed, skipped } = this.#counts;
    if (this.#failures.length > 0) console.log('\nWhat failed:');
    for (const line of this.#failures) console.log(line);
    console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
  }
}
