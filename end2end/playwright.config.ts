import { defineConfig } from '@playwright/test';

// Debian's Chromium; VESTIBULE_CHROMIUM sets another one. Playwright never downloads a browser of its own.
const CHROMIUM = process.env.VESTIBULE_CHROMIUM ?? '/usr/bin/chromium';

export default defineConfig({
  testDir: 'tests',
  workers: 2,
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  // In CI, failed tests are retried once. A test that passes then is reported as flaky, with its error.
  retries: process.env.CI ? 1 : 0,
  reporter: [['list'], ['./reporter.ts']],
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    colorScheme: 'light',
    reducedMotion: 'reduce',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: CHROMIUM,
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync',
      ],
    },
  },
});
