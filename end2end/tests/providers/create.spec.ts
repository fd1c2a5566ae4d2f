import { CreateProviderPage } from '../../fixtures/pages/create-provider';
import { ProviderPage } from '../../fixtures/pages/provider';
import { expect, test } from '../../fixtures/test';

const CLAIMS = { sub: 'ada-1815', given_name: 'Ada', family_name: 'Lovelace', email: 'ada@example.com', groups: ['staff'] };

/** An ID token in the form a provider signs; the signature is not verified here. */
function idToken(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', kid: 'tests' })}.${part(claims)}.c2lnbmF0dXJl`;
}

test('creates a provider with what a real OpenID provider publishes', async ({ page, issuer, axe }) => {
  const create = new CreateProviderPage(page);
  await create.open();

  await test.step('fetch', async () => {
    await create.clientId.fill('vestibule');
    await create.secret.fill('provider-secret');
    await create.fetch(issuer);
    await expect(page.getByText(/^The provider can be used/)).toBeVisible();
    await expect(page.getByRole('row', { name: /^Token/ })).toContainText(`${issuer}/token`);
    await expect(page.getByText('phone_number_verified')).toBeVisible();
    await axe();
    await create.goOn('Map claims to user fields');
  });

  await test.step('map', async () => {
    await expect(page.getByRole('button', { name: 'Remove claim email from Email address' })).toBeVisible();
    const preview = page.getByRole('region', { name: 'Preview' });
    await create.sample.fill(JSON.stringify(CLAIMS));
    await expect(preview.getByRole('row', { name: /^First name/ })).toContainText('Ada');
    await expect(preview.getByRole('row', { name: /^username/ })).toContainText('ada-1815');

    await create.sample.fill(idToken({ ...CLAIMS, given_name: 'Augusta' }));
    await expect(preview.getByRole('row', { name: /^First name/ })).toContainText('Augusta');

    await page.getByRole('button', { name: 'Remove claim given_name from First name' }).click();
    await expect(preview.getByRole('row', { name: /^First name/ })).toHaveCount(0);
    await create.field('first_name').getByRole('button', { name: /^Add claim given_name/ }).click();
    await expect(preview.getByRole('row', { name: /^First name/ })).toContainText('Augusta');
    await axe();
    await create.goOn('Choose options');
  });

  await test.step('options', async () => {
    await create.name.fill('Main job (Acme)');
    await expect(create.slug).toHaveValue('main-job-acme');
    await page.getByRole('button', { name: 'Add origin' }).click();
    await expect(page.getByLabel('origin 1', { exact: true })).toBeFocused();
    await page.getByLabel('origin 1', { exact: true }).fill('https://app.example.com');
    await axe();
    await create.goOn('Review and save');
  });

  await test.step('review and save', async () => {
    await expect(page.getByText('provider-secret')).toHaveCount(0);
    await expect(page.getByRole('main')).toContainText('https://app.example.com');
    await axe();
    await create.save();
    await expect(page.getByRole('heading', { level: 1, name: 'Main job (Acme)' })).toBeVisible();
    await expect(page).toHaveURL(/\/providers\/[0-9a-f-]{36}\?created=1$/);
    await expect(page.getByText('The provider is saved. What next?')).toBeVisible();
    await axe();
  });

  await test.step('detail', async () => {
    const provider = new ProviderPage(page);
    await page.getByRole('button', { name: 'Hide this' }).click();
    await expect(page.getByText('What next?')).toBeHidden();
    await expect(provider.fact('Issuer')).toContainText(issuer);
    await expect(page.getByText('provider-secret')).toHaveCount(0);
    await page.reload();
    await expect(provider.fact('Issuer')).toContainText(issuer);
  });
});

test('keeps the input when moving back and forth', async ({ page, issuer }) => {
  const create = new CreateProviderPage(page);
  await create.open();
  await create.connect(issuer);
  await page.getByLabel('Identifying claim').fill('email sub');
  await create.goOn('Choose options');
  await create.name.fill('Back and forth');
  await page.getByRole('button', { name: 'Back' }).click();
  await expect(page.getByLabel('Identifying claim')).toHaveValue('email sub');
  await page.getByRole('button', { name: 'Connect' }).click();
  await expect(create.address).toHaveValue(issuer);
  await create.goOn('Map claims to user fields');
  await create.goOn('Choose options');
  await expect(create.name).toHaveValue('Back and forth');
});

test('reports problems at their fields, and leads to them', async ({ page, issuer, axe }) => {
  const create = new CreateProviderPage(page);
  await create.open();
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(create.address).toHaveAttribute('aria-invalid', 'true');
  await axe();

  await create.connect(issuer);
  await page.getByLabel('Identifying claim').fill('');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByLabel('Identifying claim')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Identifying claim').fill('sub');
  await create.goOn('Choose options');

  await create.name.fill('');
  await page.getByRole('button', { name: 'Add origin' }).click();
  await page.getByLabel('origin 1', { exact: true }).fill('https://app.example.com/path');
  await page.getByRole('button', { name: 'Continue' }).click();
  const summary = page.locator('.form-problems');
  await expect(summary.getByRole('button')).toHaveCount(2);
  await summary.getByRole('button').last().click();
  await expect(page.getByLabel('origin 1', { exact: true })).toBeFocused();
  await expect(page.getByLabel('origin 1', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await axe();
});

test('reports a slug that is taken at its field, in its step', async ({ page, server, issuer }) => {
  await server.createProvider({ provider: 'taken-slug', label: 'First come', discovery_url: `${issuer}/.well-known/openid-configuration` });
  const create = new CreateProviderPage(page);
  await create.open();
  await create.connect(issuer);
  await create.goOn('Choose options');
  await create.name.fill('Second come');
  await create.slug.fill('taken-slug');
  await create.goOn('Review and save');
  await create.save();
  await expect(page.getByRole('heading', { level: 2, name: 'Choose options' })).toBeVisible();
  await expect(create.slug).toHaveAttribute('aria-invalid', 'true');
});

test('asks before leaving unsaved input', async ({ page }) => {
  const create = new CreateProviderPage(page);
  await create.open();
  await create.clientId.fill('half-way');
  const audit = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Audit log' });
  await audit.click();
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  await expect(create.clientId).toHaveValue('half-way');
  await audit.click();
  await dialog.getByRole('button', { name: 'Discard changes' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Audit log' })).toBeFocused();
});
