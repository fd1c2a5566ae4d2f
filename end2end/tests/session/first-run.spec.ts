import { SignInPage } from '../../fixtures/pages/sign-in';
import { Server } from '../../fixtures/server';
import { expect, test as base } from '../../fixtures/test';

// Each test begins with a server without administrators.
const test = base.extend<{ fresh: Server }>({
  signedIn: false,
  fresh: async ({}, use) => {
    const server = await Server.start({ fresh: true });
    await use(server);
    await server.stop();
  },
});

test('the printed link creates the first administrator, once', async ({ page, visitor, fresh, axe }) => {
  await page.goto(fresh.setUpLink);
  await expect(page.getByRole('heading', { level: 1, name: 'Set up Vestibule' })).toBeVisible();
  expect(page.url()).toBe(`${fresh.url}/set-up`);
  await axe();

  await page.getByLabel('Email address').fill('ada@example.com');
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByLabel('Repeat the password').fill('shorter');
  await page.getByRole('button', { name: 'Create administrator' }).click();
  await expect(page.getByText('The passwords differ. Enter the same one twice.')).toBeVisible();
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await axe();

  await page.getByLabel('Password', { exact: true }).fill('a few words are enough');
  await page.getByLabel('Repeat the password').fill('a few words are enough');
  const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().includes('set-up'));
  await page.getByRole('button', { name: 'Create administrator' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'Add your first provider' })).toBeVisible();
  await axe();

  // The same request again, from another browser.
  const request = await sent;
  const headers = { 'content-type': 'application/json', origin: fresh.url };
  const again = await visitor.request.post(request.url(), { headers, data: request.postData()! });
  expect(again.ok()).toBe(false);

  await visitor.goto(fresh.setUpLink);
  await expect(visitor.getByRole('heading', { level: 1, name: 'Vestibule is set up' })).toBeVisible();
  await expect(visitor.getByLabel('Password')).toHaveCount(0);
  await axe(visitor);
  await visitor.getByRole('link', { name: 'Sign in' }).click();
  await expect(visitor.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
});

test('a link with another secret is rejected', async ({ page, fresh }) => {
  await page.goto(`${fresh.url}/set-up#not-the-secret`);
  await page.getByLabel('Email address').fill('eve@example.com');
  await page.getByLabel('Password', { exact: true }).fill('a few words are enough');
  await page.getByLabel('Repeat the password').fill('a few words are enough');
  await page.getByRole('button', { name: 'Create administrator' }).click();
  await expect(page.locator('.callout.tone-danger')).toBeVisible();
});

test('without the link, every page says where to find it', async ({ page, fresh, axe }) => {
  await page.goto(`${fresh.url}/providers`);
  await expect(page.getByRole('heading', { level: 1, name: 'Set up Vestibule' })).toBeVisible();
  await expect(page.getByText('vestibule admin create')).toBeVisible();
  await axe();
});

test('an empty list shows the choice of a protocol', async ({ page, fresh, axe }) => {
  await new SignInPage(page).signIn(fresh.newPerson(), fresh.url);
  await expect(page.getByRole('heading', { level: 2, name: 'Add your first provider' })).toBeVisible();
  await expect(page.getByLabel('Search')).toHaveCount(0);
  await axe();
  await page.getByRole('link', { name: 'OpenID Connect' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'New OpenID Connect provider' })).toBeFocused();
});
