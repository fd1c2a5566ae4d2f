import { expectNoSideways } from '../fixtures/a11y';
import { CreateDirectoryPage } from '../fixtures/pages/create-directory';
import { CreateProviderPage } from '../fixtures/pages/create-provider';
import { type Directory } from '../fixtures/directory';
import { type Documents } from '../fixtures/documents';
import { look, shoot } from '../fixtures/looks';
import { ProviderPage } from '../fixtures/pages/provider';
import { TenantPage } from '../fixtures/pages/tenant';
import { type Server } from '../fixtures/server';
import { expect, test } from '../fixtures/test';
import { type Page } from '@playwright/test';

const CLAIMS = '{ "sub": "ada-1815", "given_name": "Ada", "family_name": "Lovelace", "email": "ada@example.com" }';

interface Given {
  page: Page;
  server: Server;
  issuer: string;
  documents: Documents;
  staff: Directory;
}

/** A page with this name, and the steps to reach it. */
const SCREENS: Record<string, (given: Given) => Promise<void>> = {
  list: async ({ page }) => {
    await page.goto('/providers');
    await expect(page.getByRole('table', { name: 'Providers' })).toBeVisible();
  },
  gallery: async ({ page }) => {
    await page.goto('/providers/new');
    await expect(page.getByRole('link', { name: 'OpenID Connect' })).toBeVisible();
  },
  'create-connect': async ({ page, issuer }) => {
    const create = new CreateProviderPage(page);
    await create.open();
    await create.fetch(issuer);
    await expect(page.getByText(/^The provider can be used/)).toBeVisible();
  },
  'create-map': async ({ page, issuer }) => {
    const create = new CreateProviderPage(page);
    await create.open();
    await create.connect(issuer);
    await create.sample.fill(CLAIMS);
    await expect(page.getByText(/mapped fields? gets? a value/)).toBeVisible();
  },
  'create-options': async ({ page, issuer }) => {
    const create = new CreateProviderPage(page);
    await create.open();
    await create.connect(issuer);
    await create.goOn('Choose options');
    await page.getByRole('button', { name: 'Add origin' }).click();
  },
  'create-review': async ({ page, issuer }) => {
    const create = new CreateProviderPage(page);
    await create.open();
    await create.connect(issuer);
    await create.goOn('Choose options');
    await create.name.fill('Acme staff');
    await create.goOn('Review and save');
  },
  overview: ({ page }) => new ProviderPage(page).open('Looks'),
  connection: (given) => tab(given, 'Connection'),
  mapping: (given) => tab(given, 'Mapping'),
  access: (given) => tab(given, 'Access'),
  activity: async (given) => {
    await tab(given, 'Activity');
    await expect(given.page.getByRole('row').nth(1)).toBeVisible();
  },
  danger: (given) => tab(given, 'Danger zone'),
  'disable-dialog': async (given) => {
    await tab(given, 'Danger zone');
    await given.page.getByRole('button', { name: 'Disable provider' }).click();
    await expect(given.page.getByText(/^Users of 1 tenant sign in with this provider\./)).toBeVisible();
  },
  'rediscover-dialog': async (given) => {
    await tab(given, 'Overview');
    await given.page.getByRole('button', { name: 'Re-discover' }).click();
    await expect(given.page.getByText('Nothing changed since the last discovery.')).toBeVisible();
  },
  'provider-tenants': async (given) => {
    await tab(given, 'Tenants');
    await expect(given.page.getByText('May sign in', { exact: true })).toBeVisible();
  },
  'provider-groups': async (given) => {
    await tab(given, 'Groups');
    await given.page.getByRole('button', { name: 'Add mapping' }).click();
    const dialog = given.page.getByRole('dialog');
    await dialog.getByLabel('Group at the provider').fill(`cn=staff-${Date.now()},ou=groups,dc=acme,dc=example`);
    await dialog.getByLabel('Group of the tenant').fill('staff');
    await dialog.getByRole('button', { name: 'Add mapping' }).click();
    await expect(given.page.getByText('Unknown group', { exact: true }).first()).toBeVisible();
    await expect(given.page.getByText('Group mapping added.')).toHaveCount(0, { timeout: 15_000 });
  },
  test: async (given) => {
    await tab(given, 'Test');
    await given.page.getByRole('button', { name: 'Test connection' }).click();
    await expect(given.page.locator('.test-summary')).toContainText(/Took/);
    await given.page.getByText(/^\d+ steps?$/).first().click();
  },
  'create-saml': async ({ page, documents }) => {
    await page.goto('/providers/new/saml');
    await page.getByLabel('Metadata URL').fill(documents.publishMetadata('okta.xml'));
    await page.getByRole('button', { name: 'Fetch' }).click();
    await expect(page.getByText(/^Metadata of/)).toBeVisible();
  },
  'create-saml-map': async ({ page, documents }) => {
    await page.goto('/providers/new/saml');
    await page.getByLabel('Metadata URL').fill(documents.publishMetadata('okta.xml'));
    await page.getByRole('button', { name: 'Fetch' }).click();
    await expect(page.getByText(/^Metadata of/)).toBeVisible();
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page.getByRole('heading', { level: 2, name: 'Map attributes to user fields' })).toBeFocused();
  },
  'create-ldap': ({ page }) => new CreateDirectoryPage(page).open('Example directory'),
  'create-ldap-servers': async ({ page, staff }) => {
    const create = new CreateDirectoryPage(page);
    await create.open('Example directory');
    await create.goOn('Connect to the directory');
    await create.server(staff.url);
    await create.read();
    await expect(create.found.getByText(/answered\.$/)).toBeVisible();
  },
  'create-ldap-users': ({ page, staff }) => new CreateDirectoryPage(page).connected('Example directory', staff),
  'create-ldap-groups': async ({ page, staff }) => {
    const create = new CreateDirectoryPage(page);
    await create.connected('Example directory', staff);
    await create.goOn('Find groups');
    await page.getByLabel('Read groups').check();
  },
  'create-ldap-map': async ({ page, staff }) => {
    const create = new CreateDirectoryPage(page);
    await create.connected('Example directory', staff);
    await create.goOn('Find groups');
    await create.goOn('Map attributes to user fields');
    await expect(page.getByText('ada@example.com')).toBeVisible();
  },
  'create-ldap-review': async ({ page, staff }) => {
    const create = new CreateDirectoryPage(page);
    await create.connected('Example directory', staff);
    for (const heading of ['Find groups', 'Map attributes to user fields', 'Synchronise', 'Review and save']) {
      await create.goOn(heading);
    }
    await page.getByRole('button', { name: 'Test connection' }).click();
    await expect(page.locator('.test-summary')).toContainText(/Took/);
  },
  'ldap-connection': async ({ page, staff }) => {
    await new CreateDirectoryPage(page).create(`Directory ${Date.now()}`, staff);
    await new ProviderPage(page).tab('Connection');
    await expect(page.getByText('Provider saved.')).toHaveCount(0, { timeout: 15_000 });
  },
  tenants: async ({ page }) => {
    await page.goto('/tenants');
    await expect(page.getByRole('table', { name: 'Tenants' })).toBeVisible();
  },
  'tenant-dialog': async ({ page }) => {
    await page.goto('/tenants');
    await page.getByRole('button', { name: 'Add tenant' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Globex Corporation');
  },
  tenant: ({ page }) => new TenantPage(page).open('Default'),
  'tenant-providers': async ({ page }) => {
    await new TenantPage(page).open('Default');
    await new TenantPage(page).tab('Providers');
    await expect(page.getByRole('table')).toBeVisible();
  },
  'link-dialog': async ({ page }) => {
    await new TenantPage(page).open('Default');
    await new TenantPage(page).tab('Providers');
    await page.getByRole('button', { name: 'Link provider' }).click();
    await expect(page.getByRole('dialog').getByText(/There is no other|Link$/).first()).toBeVisible();
  },
  'tenant-groups': async ({ page }) => {
    const tenant = new TenantPage(page);
    await tenant.open('Default');
    await tenant.tab('Groups');
    await tenant.addGroup(`Engineering ${Date.now()}`);
    await expect(page.getByText(/^Engineering \d+ added\.$/)).toHaveCount(0, { timeout: 15_000 });
  },
  'tenant-danger': async ({ page }) => {
    await new TenantPage(page).open('Default');
    await new TenantPage(page).tab('Danger zone');
  },
  audit: async ({ page }) => {
    await page.goto('/audit');
    await expect(page.getByRole('row').nth(1)).toBeVisible();
  },
  account: async ({ page }) => {
    await page.goto('/settings/account');
    await expect(page.getByText('This session', { exact: true })).toBeVisible();
  },
  tokens: async ({ page }) => {
    await page.goto('/settings/tokens');
    await expect(page.getByRole('button', { name: 'Create token' })).toBeVisible();
    await expect(page.getByRole('table')).toBeVisible();
  },
  'token-dialog': async ({ page }) => {
    await page.goto('/settings/tokens');
    await page.getByRole('button', { name: 'Create token' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
  },
  administrators: async ({ page }) => {
    await page.goto('/settings/administrators');
    await expect(page.getByRole('table')).toBeVisible();
  },
  'not-found': async ({ page }) => {
    await page.goto('/no/such/page');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  },
  'unknown-provider': async ({ page }) => {
    await page.goto('/providers/00000000-0000-7000-8000-000000000000');
    await expect(page.getByText(/does not exist/)).toBeVisible();
  },
  menu: async ({ page }) => {
    await page.goto('/providers');
    await page.locator('.user-menu summary').click();
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
  },
};

async function tab({ page }: Given, name: string): Promise<void> {
  const provider = new ProviderPage(page);
  await provider.open('Looks');
  await provider.tab(name);
}

test.beforeAll(async ({ browser, server, issuer, admin }) => {
  await server.createProvider({
    provider: 'looks',
    label: 'Looks',
    discovery_url: `${issuer}/.well-known/openid-configuration`,
    attribute_mapping: { first_name: 'given_name', last_name: 'family_name', email: 'email mail', civil_number: 'pno' },
    allowed_redirects: ['https://app.example.com'],
    extra_scope: 'profile email',
  });
  const context = await browser.newContext({ baseURL: server.url, storageState: admin.state });
  const tenant = new TenantPage(await context.newPage());
  await tenant.open('Default');
  await tenant.tab('Providers');
  await tenant.link('Looks');
  await context.close();
});

for (const [name, open] of Object.entries(SCREENS)) {
  test(`${name} is accessible in light and dark, and fits a telephone`, async ({ page, server, issuer, documents, staff }) => {
    await open({ page, server, issuer, documents, staff });
    await look(page, name);
  });
}

test.describe('signed out', () => {
  test.use({ signedIn: false });

  test('sign-in is accessible in light and dark, and fits a telephone', async ({ page, axe }) => {
    await page.goto('/sign-in');
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
    await axe();
    await shoot(page, 'sign-in-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await axe();
    await shoot(page, 'sign-in-dark');
    await page.setViewportSize({ width: 390, height: 844 });
    await expectNoSideways(page);
  });
});
