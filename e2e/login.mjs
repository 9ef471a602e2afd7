// Logging in as a person does: by the form. Journeys that are not about logging in begin here.

/// Logs in by the form of /login and waits until the shop shows another page.
export async function logIn(page, base, { username, password }) {
  await page.goto(`${base}/login`);
  await page.locator("input[name=username]").fill(username);
  await page.locator("input[name=password]").fill(password);
  await page.locator("input[name=password]").press("Enter");
  await page.waitForURL((url) => url.pathname !== "/login");
}
