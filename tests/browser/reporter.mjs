// One line a test, the reasons of failures and skips, and as the last line `N passed, N failed, N skipped`.

export default class Reporter {
  #counts = { passed: 0, failed: 0, skipped: 0 };

  printsToStdio() {
    return true;
  }

  onTestEnd(test, result) {
    const outcome = result.status === 'passed' || result.status === 'skipped' ? result.status : 'failed';
    this.#counts[outcome]++;
    const [, project, , ...title] = test.titlePath();
    console.log(`${outcome.padEnd(7)} ${project}: ${title.join(': ')} (${(result.duration / 1000).toFixed(1)} s)`);
    for (const { type, description } of test.annotations) {
      if (outcome === 'skipped' && type === 'skip') console.log(`        because ${description}`);
    }
    if (outcome === 'failed') {
      for (const error of result.errors) console.log(error.stack ?? error.message ?? error.value);
      for (const output of [...result.stdout, ...result.stderr]) process.stdout.write(output);
    }
  }

  onError(error) {
    this.#counts.failed++;
    console.log(error.stack ?? error.message ?? error.value);
  }

  onExit() {
    const { passed, failed, skipped } = this.#counts;
    console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
  }
}
