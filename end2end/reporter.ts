import type { FullConfig, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';

/** How much of an error message is printed: the expected and the actual value, and the state of the wait. */
const LINES = 14;

/** Prints at the very end why tests failed, also those that passed when retried: long logs are cut at the front. */
export default class Reasons implements Reporter {
  private failed: [TestCase, TestResult][] = [];
  private folder = '';

  onBegin(config: FullConfig, _suite: Suite): void {
    this.folder = config.rootDir;
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status !== 'passed' && result.status !== 'skipped') this.failed.push([test, result]);
  }

  onExit(): Promise<void> {
    for (const [test, result] of this.failed) {
      const place = `${test.location.file.replace(`${this.folder}/`, '')}:${test.location.line}`;
      console.log(`\n${result.status}, attempt ${result.retry + 1}: ${test.title} (${place})`);
      for (const error of result.errors) console.log(indent(error.message ?? error.value ?? ''));
    }
    return Promise.resolve();
  }

  printsToStdio(): boolean {
    return false;
  }
}

function indent(message: string): string {
  const plain = message.replace(/\u001b\[[0-9;]*m/g, '');
  return plain.split('\n').filter((line) => line.trim() !== '').slice(0, LINES).map((line) => `    ${line}`).join('\n');
}
