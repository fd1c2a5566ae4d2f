import { Server } from '../../fixtures/server';
import { expect, test as base } from '../../fixtures/test';
import { SignInPage } from '../../fixtures/pages/sign-in';

const COUNT = 63;

// A separate server, so that the counts are exact.
const test = base.extend<object, { full: Server }>({
  full: [
    async ({ issuer }, use) => {
      const server = await Server.start();
      for (let number = 1; number <= COUNT; number += 1) {
        const padded = String(number).padStart(2, '0');
        await server.createProvider({
          provider: `customer-${padded}`,
          label: `Customer ${padded}`,
          discovery_url: `${issuer}/.well-known/openid-configuration`,
          is_active: number % 3 !== 0,
        });
      }
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});
test.use({ signedIn: false });
test.describe.configure({ mode: 'serial' });

test.beforeEach(async ({ page, full }) => {
  await new SignInPage(page).signIn(full.newPerson(), full.url);
  await page.goto(`${full.url}/providers`);
});

test('shows pages, and the URL contains the page', async ({ page, full, axe }) => {
  const rows = page.getByRole('table', { name: 'Providers' }).getByRole('rowheader');
  await expect(page.getByText(`1–25 of ${COUNT} providers`)).toBeVisible();
  await expect(rows).toHaveCount(25);
  await page.getByRole('link', { name: 'Next' }).click();
  await expect(page.getByText(`26–50 of ${COUNT} providers`)).toBeVisible();
  await page.getByRole('link', { name: 'Next' }).click();
  await expect(rows).toHaveCount(13);
  await expect(page).toHaveURL(`${full.url}/providers?page=3`);
  await axe();
  await page.reload();
  await expect(rows).toHaveCount(13);
  await rows.first().getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Customer 51' })).toBeFocused();
  await page.goBack();
  await expect(page).toHaveURL(`${full.url}/providers?page=3`);
  await expect(rows).toHaveCount(13);
  await page.goBack();
  await expect(page.getByText(`26–50 of ${COUNT} providers`)).toBeVisible();
});

test('searches, filters and sorts, and the URL contains the choices', async ({ page, full, axe }) => {
  const rows = page.getByRole('table', { name: 'Providers' }).getByRole('rowheader');
  await page.getByLabel('Search').fill('customer-1');
  await expect(page).toHaveURL(`${full.url}/providers?q=customer-1`);
  await expect(rows).toHaveCount(10);
  await page.getByLabel('Status').selectOption({ label: 'Disabled' });
  await expect(rows).toHaveCount(3);
  await expect(rows.first()).toContainText('Customer 12');
  await page.getByRole('columnheader', { name: 'Name' }).getByRole('link').click();
  await expect(rows.first()).toContainText('Customer 18');
  await expect(page.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'descending');
  await axe();

  const address = page.url();
  await rows.first().getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Customer 18' })).toBeFocused();
  await page.goBack();
  await expect(page).toHaveURL(address);
  await expect(page.getByLabel('Search')).toHaveValue('customer-1');
  await expect(page.getByLabel('Status')).toHaveValue('disabled');
  await expect(rows).toHaveCount(3);
  await page.reload();
  await expect(rows.first()).toContainText('Customer 18');
});

test('says that nothing matches, and clears the filters', async ({ page, axe }) => {
  await page.getByLabel('Search').fill('no such customer');
  await expect(page.getByText('No providers match “no such customer”.')).toBeVisible();
  await axe();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page.getByLabel('Search')).toHaveValue('');
  await expect(page.getByText(`1–25 of ${COUNT} providers`)).toBeVisible();

  await page.getByLabel('Protocol').selectOption({ label: 'LDAP' });
  await expect(page.getByText('No providers match these filters.')).toBeVisible();
});

test('is usable with the keyboard alone', async ({ page }) => {
  const rows = page.getByRole('table', { name: 'Providers' }).getByRole('rowheader');
  await page.reload();
  await expect(rows).toHaveCount(25);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Add provider' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Search')).toBeFocused();
  await page.keyboard.type('customer 07');
  await expect(rows).toHaveCount(1);
  // Past the three filters and the three sortable columns.
  const link = rows.getByRole('link');
  for (let presses = 0; presses < 7; presses += 1) await page.keyboard.press('Tab');
  await expect(link).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Customer 07' })).toBeFocused();
});
