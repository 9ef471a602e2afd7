// Logging in as a person does: by the form. Journeys that are not about logging in begin with `logIn`.

/// Sessions that were opened, by user name: the cookies the shop gave.
const sessions = new Map();

/// Logs in by the form of /login and waits until the shop shows another page.
export async function logInByForm(page, base, { username, password }) {
  await page.goto(`${base}/login`);
  await page.locator("input[name=username]").fill(username);
  await page.locator("input[name=password]").fill(password);
  await page.locator("input[name=password]").press("Enter");
  await page.waitForURL((url) => url.pathname !== "/login");
}

/// Comes in as somebody: by the form the first time, later with the session of that first time, for the
/// shop takes five attempts a minute from one person and the journeys together are quicker than that.
export async function logIn(page, base, person) {
  const session = sessions.get(person.username);
  if (session) {
    await page.context().addCookies(session);
    await page.goto(`${base}/`);
  } else {
    await logInByForm(page, base, person);
    sessions.set(person.username, await page.context().cookies(base));
  }
}
