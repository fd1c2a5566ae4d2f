import { fileURLToPath } from 'node:url';

import { Started } from '../fixtures/process';
import { Server } from '../fixtures/server';
import { createProvider } from '../fixtures/sign-in';
import { expect, test as base } from '../fixtures/test';

const test = base.extend<{ own: Server; pyop: string }>({
  signedIn: false,
  own: async ({}, use) => {
    const own = await Server.start();
    await use(own);
    await own.stop();
  },
  // The issuer of a provider that has nothing in common with that of the other tests.
  pyop: async ({}, use) => {
    const program = fileURLToPath(new URL('../fixtures/provider.py', import.meta.url));
    const provider = await Started.when(process.env.VESTIBULE_PYTHON!, [program], 'stdout', /\n/);
    await use(provider.output.trim());
    await provider.stop();
  },
});

test('signs a person in through a second provider, with the address of its userinfo endpoint', async ({ page, own, pyop }) => {
  await createProvider(own, 'pyop', pyop);
  for (const landing of ['/healthz', '/readyz']) {
    await page.goto(`${own.url}/login?return_to=${landing}`);
    await page.getByLabel('Name').fill('grace');
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page).toHaveURL(`${own.url}${landing}`);
  }
  const users = await own.scaikey('GET', 'users/');
  expect(users.map(({ username, email }: { username: string; email: string }) => [username, email])).toEqual([
    ['grace', 'grace@example.org'],
  ]);
});
