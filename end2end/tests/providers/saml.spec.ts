import { metadata, SecureDocument } from '../../fixtures/documents';
import { ProviderPage } from '../../fixtures/pages/provider';
import { expect, test } from '../../fixtures/test';

test('creates a SAML provider from the URL of its metadata, and tests it', async ({ page, documents, axe }) => {
  const address = documents.publishMetadata('okta.xml');
  await page.goto('/providers/new');
  await page.getByRole('link', { name: 'SAML 2.0' }).click();
  await page.getByLabel('Metadata URL').fill(address);
  await page.getByRole('button', { name: 'Fetch' }).click();
  await expect(page.getByText(/^Metadata of http:\/\/www.okta.com\/exk1exampleexample0h7 was read/)).toBeVisible();
  await expect(page.getByLabel('Entity ID')).toHaveValue('http://www.okta.com/exk1exampleexample0h7');
  await expect(page.getByLabel('Signing certificates')).toHaveValue(/BEGIN CERTIFICATE/);
  await axe();
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'Map attributes to user fields' })).toBeFocused();
  await expect(page.getByRole('list', { name: 'Steps' })).toContainText('Map attributes');
  // Okta's metadata lists no attributes, so the common names are offered.
  await page.getByRole('button', { name: /^Add attribute displayName to Display name: A common name\./ }).click();
  await expect(page.getByRole('combobox', { name: 'Attribute for Display name' })).toBeFocused();
  await expect(page.getByText('4 of 26 fields mapped')).toBeVisible();
  await axe();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Okta by SAML');
  await expect(page.getByLabel('Use PKCE')).toHaveCount(0);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'Review and save' })).toBeFocused();
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.locator('.test-step').first()).toBeVisible();
  await expect(page.locator('.test-summary')).toContainText(/Took/);
  await axe();
  await page.getByRole('button', { name: 'Save provider' }).click();

  await expect(page.getByText('The provider is saved. What next?')).toBeVisible();
  await expect(page.getByText(/\/callback\/[0-9a-f-]{36}$/).first()).toBeVisible();
  const entityId = page.getByText(/\/saml\/metadata\/[0-9a-f-]{36}$/).first();
  await expect(entityId).toBeVisible();
  // The entity ID is a URL that serves the metadata to the provider.
  const described = await page.request.get((await entityId.textContent())!);
  expect(described.headers()['content-type']).toBe('application/samlmetadata+xml');
  expect(await described.text()).toContain(`entityID="${await entityId.textContent()}"`);
  await axe();

  const provider = new ProviderPage(page);
  await provider.tab('Connection');
  await page.getByLabel('Sign-on URL').fill('https://elsewhere.example/sso');
  await provider.saved();
  await page.getByRole('button', { name: 'Fetch' }).click();
  await page.getByText('What changed', { exact: true }).click();
  await expect(page.locator('.provider-fetch-result ins').first()).not.toHaveText('https://elsewhere.example/sso');
  await axe();
  await provider.saved();
});

test('one of several providers in a document has to be chosen', async ({ page, axe }) => {
  await page.goto('/providers/new/saml');
  await page.getByText('Upload or paste the document instead').click();
  await page.getByLabel('Metadata file').setInputFiles({
    name: 'aggregate.xml',
    mimeType: 'application/xml',
    buffer: metadata('aggregate.xml'),
  });
  const choice = page.getByLabel('Provider', { exact: true });
  await expect(choice).toHaveValue('');
  await expect(page.getByLabel('Entity ID')).toHaveValue('');
  await choice.selectOption({ index: 1 });
  await expect(page.getByLabel('Entity ID')).not.toHaveValue('');
  await axe();
});

test('missing values are reported at their fields', async ({ page, axe }) => {
  await page.goto('/providers/new/saml');
  await page.getByRole('button', { name: 'Continue' }).click();
  for (const label of ['Entity ID', 'Sign-on URL', 'Signing certificates']) {
    await expect(page.getByLabel(label)).toHaveAttribute('aria-invalid', 'true');
  }
  await axe();
  await page.getByText('Upload or paste the document instead').click();
  await page.getByLabel('Metadata document').fill('this is no metadata');
  await page.getByRole('button', { name: 'Read document' }).click();
  await expect(page.locator('.provider-fetch-result .callout')).toBeVisible();
});

test('metadata behind an untrusted certificate is read once verification is turned off', async ({ page, axe }) => {
  const document = await SecureDocument.start(metadata('okta.xml'), 'application/samlmetadata+xml');
  await page.goto('/providers/new/saml');
  await page.getByLabel('Metadata URL').fill(document.address);
  await page.getByRole('button', { name: 'Fetch' }).click();
  await expect(page.locator('.provider-fetch-result')).toContainText(/certificate/);
  await page.getByLabel('Check the TLS certificate').click();
  await expect(page.getByText(/^Anyone who can impersonate this server/)).toBeVisible();
  await axe();
  await page.getByRole('button', { name: 'Fetch' }).click();
  await expect(page.getByText(/^Metadata of http:\/\/www.okta.com\/exk1exampleexample0h7 was read/)).toBeVisible();
  await document.stop();
});
