import { CreateProviderPage } from '../../fixtures/pages/create-provider';
import { expect, test } from '../../fixtures/test';

test.describe('a failed fetch reports the request and what to do', () => {
  test('no server listens', async ({ page, axe }) => {
    const create = new CreateProviderPage(page);
    await create.open();
    await create.fetch('http://127.0.0.1:9/realm');
    await expect(page.locator('.provider-fetch-result')).toContainText('http://127.0.0.1:9/realm/.well-known/openid-configuration');
    await axe();
  });

  test('404', async ({ page, documents }) => {
    const create = new CreateProviderPage(page);
    await create.open();
    await create.fetch(`${documents.base}/nobody`);
    const result = page.locator('.provider-fetch-result');
    await expect(result).toContainText(`${documents.base}/nobody/.well-known/openid-configuration`);
    await expect(result).toContainText('404');
  });

  test('a web page', async ({ page, documents }) => {
    const create = new CreateProviderPage(page);
    await create.open();
    const address = documents.publishPage('welcome');
    await create.fetch(address);
    const result = page.locator('.provider-fetch-result');
    await expect(result).toContainText(address);
    await expect(result).toContainText('This is a web page.');
  });

  test('a URL that may not be called', async ({ page }) => {
    const create = new CreateProviderPage(page);
    await create.open();
    await create.fetch('https://169.254.169.254/latest');
    const result = page.locator('.provider-fetch-result');
    await expect(result).toContainText('169.254.169.254');
    await expect(result).toContainText(/not allowed|refused|disallowed/i);
  });

  test('not a URL', async ({ page }) => {
    const create = new CreateProviderPage(page);
    await create.open();
    await create.fetch('my provider');
    await expect(create.address).toHaveAttribute('aria-invalid', 'true');
  });
});

test('a document that lacks required fields cannot be used', async ({ page, documents, axe }) => {
  const create = new CreateProviderPage(page);
  await create.open();
  await create.clientId.fill('vestibule');
  await create.fetch(documents.publish('lacking', { token_endpoint: undefined, issuer: `${documents.base}/other` }));
  await expect(page.getByText(/^The provider cannot be used/)).toBeVisible();
  await expect(page.getByText('Error', { exact: true }).first()).toBeVisible();
  await axe();
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'Connect to the provider' })).toBeVisible();
});
