import { CreateProviderPage } from '../fixtures/pages/create-provider';
import { Started } from '../fixtures/process';
import { expect, test as base } from '../fixtures/test';

// The example of a host application; scripts/browser-tests builds it and sets its path.
const EMBED = process.env.VESTIBULE_EMBED;

const test = base.extend<{ host: string }>({
  signedIn: false,
  host: async ({}, use) => {
    if (!EMBED) throw new Error('the example host was not built: run scripts/browser-tests');
    const program = await Started.when(EMBED, [], 'stdout', /\n/);
    await use(program.output.trim().replace(/\/$/, ''));
    await program.stop();
  },
});

test('works below a path of another application, with its sign-in', async ({ page, host, axe }) => {
  await page.goto(`${host}/internal/sso/settings/account`);
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in to the application first' })).toBeVisible();
  await axe();

  await page.getByRole('link', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'Add your first provider' })).toBeVisible();
  await page.getByRole('link', { name: 'OpenID Connect' }).click();
  await expect(page).toHaveURL(`${host}/internal/sso/providers/new/oidc`);
  await page.reload();
  const create = new CreateProviderPage(page);
  await create.fetch('https://127.0.0.1/refused');
  await expect(page.locator('.provider-fetch-result')).toContainText('127.0.0.1');

  await page.goto(`${host}/internal/sso/audit?object=session`);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Audit log' })).toBeVisible();
  await expect(page).toHaveURL(`${host}/internal/sso/audit?object=session`);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByText('You signed in through the application that contains this portal.')).toBeVisible();
  await axe();

  const own = await page.request.get(host);
  expect(await own.text()).toContain('The host application.');
});

test('says to a user without a role that they are signed in', async ({ page, host, axe }) => {
  await page.goto(`${host}/enter-as-guest`);
  await expect(page.getByRole('heading', { level: 1, name: 'No access to this portal' })).toBeVisible();
  await expect(page.getByText('You are signed in as guest, and your role does not allow this.')).toBeVisible();
  await axe();
});
