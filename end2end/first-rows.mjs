// Measures how long a first visit takes until rows of the list of providers are on screen, on a slow computer with a slow
// connection: Chromium with an empty cache, a processor slowed down four times, 10 Mbit/s, and 40 ms for a round trip.
// `node first-rows.mjs URL COOKIE` prints the milliseconds of each visit, from the start of the navigation to the frame
// that contains the rows. The harness of docs/benchmarks.md runs it (server/benches/figures/browser.rs).
import { chromium } from '@playwright/test';

const VISITS = 7;
const BYTES_PER_SECOND = 10_000_000 / 8;

const [url, cookie] = process.argv.slice(2);
const [name, value] = cookie.split(/=(.*)/);
const browser = await chromium.launch({
  executablePath: process.env.VESTIBULE_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
for (let visit = 0; visit < VISITS; visit += 1) {
  // A context has a cache of its own.
  const context = await browser.newContext();
  await context.addCookies([{ name, value, url }]);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 40,
    downloadThroughput: BYTES_PER_SECOND,
    uploadThroughput: BYTES_PER_SECOND,
  });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.addInitScript(() => {
    const observer = new MutationObserver(() => {
      if (!document.querySelector('tbody tr')) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => (window.rowsShownAt = performance.now())));
    });
    observer.observe(document, { childList: true, subtree: true });
  });
  await page.goto(`${url}/providers`, { waitUntil: 'commit' });
  const shown = await page.waitForFunction(() => window.rowsShownAt, undefined, { timeout: 60_000 });
  process.stdout.write(`${await shown.jsonValue()}\n`);
  await context.close();
}
await browser.close();
