import { ProviderPage } from '../../fixtures/pages/provider';
import { expect, test } from '../../fixtures/test';

test('a test shows its steps, is stored, and updates the health', async ({ page, server, issuer, axe }) => {
  const discovery_url = `${issuer}/.well-known/openid-configuration`;
  await server.createProvider({ provider: 'tested', label: 'Tested', discovery_url });
  const provider = new ProviderPage(page);
  await provider.open('Tested');
  await expect(provider.fact('Connection')).toHaveText('Not tested');
  await provider.tab('Test');
  await expect(page.getByText('Not tested yet')).toBeVisible();
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.locator('.test-summary')).toContainText(/Took/);
  await expect(page.getByRole('table', { name: 'Connection tests' }).getByRole('row')).toHaveCount(2);
  await axe();
  await page.getByText(/^\d+ steps?$/).click();
  await axe();
  await provider.tab('Overview');
  await expect(provider.fact('Connection')).toHaveText(/Working|Warnings/);
  await expect(page.getByText(/^The last 1 test, the newest at the right/)).toBeVisible();
  await axe();
});

test('a provider that stopped working is shown as failing, in its list too', async ({ page, server, documents, axe }) => {
  const issuer = documents.publish('stops');
  const discovery_url = `${issuer}/.well-known/openid-configuration`;
  await server.createProvider({ provider: 'stops', label: 'Stops working', discovery_url });
  documents.publishPage('stops');
  const provider = new ProviderPage(page);
  await provider.open('Stops working');
  await provider.tab('Test');
  await page.getByRole('button', { name: 'Test connection' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.test-panel .callout.tone-danger')).toBeVisible();
  await expect(page.locator('.test-step.tone-danger .test-advice').first()).not.toBeEmpty();
  await axe();
  await page.goto('/providers?q=Stops');
  await expect(page.getByText(/^Failing since /)).toBeVisible();
  await axe();
});

test('a test that is interrupted says so', async ({ page, server, issuer }) => {
  const discovery_url = `${issuer}/.well-known/openid-configuration`;
  await server.createProvider({ provider: 'broken-off', label: 'Broken off', discovery_url });
  await page.route('**/_ui/connection-tests', (route) => route.fulfill({ status: 502, json: { service: 'unavailable' } }));
  const provider = new ProviderPage(page);
  await provider.open('Broken off');
  await provider.tab('Test');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByText(/The server is temporarily unavailable/)).toBeVisible();
});
