import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { Started } from '../fixtures/process';
import { expect, test as base } from '../fixtures/test';

interface Hosts {
  /** The example with Vestibule's session. */
  minimal: string;
  /** The example with sessions of its own. */
  ownSessions: string;
  /** The example with several tenants, on PostgreSQL. */
  tenants: string;
}

const test = base.extend<Hosts>({
  signedIn: false,
  minimal: async ({ issuer }, use) => serve('minimal', issuer, {}, use),
  ownSessions: async ({ issuer }, use) => serve('own_sessions', issuer, {}, use),
  tenants: async ({ issuer }, use) => serve('tenants', issuer, { DATABASE_URL: freshDatabase() }, use),
});

/** Runs an example of server/examples; scripts/browser-tests builds them and sets their folder. */
async function serve(name: string, issuer: string, settings: object, use: (url: string) => Promise<void>): Promise<void> {
  const folder = process.env.VESTIBULE_EXAMPLES;
  if (!folder) throw new Error('the example hosts were not built: run scripts/browser-tests');
  const env = { ISSUER: issuer, CLIENT_ID: 'vestibule', CLIENT_SECRET: 'provider-secret', ...settings };
  const program = await Started.when(join(folder, name), [], 'stdout', /\n/, env);
  await use(/^http:\/\/[^/]+/.exec(program.output)![0]);
  await program.stop();
}

/** A database in the cluster that scripts/browser-tests starts. */
function freshDatabase(): string {
  const cluster = process.env.VESTIBULE_TEST_POSTGRES;
  if (!cluster) throw new Error('there is no PostgreSQL: run scripts/browser-tests');
  const name = `hosts_${process.pid}_${Date.now()}`;
  execFileSync('psql', ['--quiet', '--dbname', cluster, '--command', `CREATE DATABASE ${name}`]);
  return cluster.replace(':///postgres?', `:///${name}?`);
}

async function authenticate(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function cookies(page: Page): Promise<string[]> {
  return (await page.context().cookies()).filter(({ domain }) => domain === '127.0.0.1').map(({ name }) => name);
}

test('an application reads who signed in from the session of Vestibule', async ({ page, minimal }) => {
  await page.goto(`${minimal}/`);
  await page.getByRole('link', { name: 'Projects' }).click();
  await authenticate(page, 'ada');
  await expect(page).toHaveURL(`${minimal}/projects`);
  await expect(page.getByText('The projects of ada')).toBeVisible();
  expect(await cookies(page)).toContain('vestibule-user73736f-session');

  await page.goto(`${minimal}/`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Welcome', exact: true })).toBeVisible();
  expect(await cookies(page)).not.toContain('vestibule-user73736f-session');
  const answer = await page.request.get(`${minimal}/projects`, { headers: { accept: 'application/json' } });
  expect([answer.status(), await answer.json()]).toEqual([401, { detail: 'Sign in first.' }]);

  // The provider remembers the person.
  await page.goto(`${minimal}/projects`);
  await expect(page.getByText('The projects of ada')).toBeVisible();
});

test('an application begins a session of its own', async ({ page, ownSessions }) => {
  await page.goto(`${ownSessions}/projects`);
  await authenticate(page, 'grace');
  await expect(page).toHaveURL(`${ownSessions}/projects`);
  await expect(page.getByText('The projects of grace')).toBeVisible();
  expect((await cookies(page)).filter((name) => name === 'id' || name.startsWith('vestibule'))).toEqual(['id']);

  await page.goto(`${ownSessions}/`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(`${ownSessions}/`);
  await expect.poll(() => cookies(page)).not.toContain('id');
});

test('each tenant has its own sessions, and one replaces another only when the person agrees', async ({ page, tenants, axe }) => {
  await page.goto(`${tenants}/acme/orders`);
  await authenticate(page, 'ada');
  await expect(page.getByText('The orders of acme, for ada')).toBeVisible();

  // As from a link in a message: no page of the application led there.
  await page.goto(`${tenants}/globex/orders`);
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in to Globex?' })).toBeVisible();
  await axe();
  await page.goto(`${tenants}/acme/orders`);
  await expect(page.getByText('The orders of acme, for ada')).toBeVisible();

  await page.goto(`${tenants}/globex/orders`);
  await page.getByRole('link', { name: 'Sign in to Globex' }).click();
  await expect(page).toHaveURL(`${tenants}/globex/orders`);
  await expect(page.getByText('The orders of globex, for ada')).toBeVisible();
  await page.goto(`${tenants}/acme/orders`);
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in to Acme?' })).toBeVisible();
});
