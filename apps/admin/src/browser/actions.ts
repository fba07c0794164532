import type { APIResponse, Page } from "playwright-core";
import { vi } from "vitest";
import { stepMs } from "./chromium.ts";
import type { Acme, Person } from "./fixture.ts";

/** Opens `path` in a new browser context. */
export async function visit(acme: Acme, path = "/"): Promise<Page> {
  const page = await acme.newVisitor();
  await page.goto(path);
  return page;
}

/** The same for a person signed in by one request instead of the form. */
export async function visitAs(acme: Acme, person: Person, path = "/"): Promise<Page> {
  const page = await signedIn(acme, person);
  await page.goto(path);
  await page.getByRole("button", { name: /^Account of/ }).waitFor();
  return page;
}

/** The same without a screen, for mutations before the first one. */
export async function signedIn(acme: Acme, person: Person): Promise<Page> {
  const page = await acme.newVisitor();
  await mutate(page, "session.signIn", person);
  return page;
}

/** Sends a mutation with the page's session and returns its data. The page shows the change after a reload. */
export async function mutate(page: Page, name: string, input: object): Promise<unknown> {
  return dataOf(name, await page.request.post(`/trpc/${name}`, { data: input, headers }));
}

/** Sends a query with the page's session and returns its data. */
export async function query(page: Page, name: string, input: object): Promise<unknown> {
  const params = { input: JSON.stringify(input) };
  return dataOf(name, await page.request.get(`/trpc/${name}`, { params, headers }));
}

const headers = { "x-rollcall-client": "test" };

async function dataOf(name: string, response: APIResponse): Promise<unknown> {
  if (!response.ok()) throw new Error(`${name} failed with ${response.status()}: ${await response.text()}`);
  const body: unknown = await response.json();
  return Reflect.get(Reflect.get(Object(body), "result"), "data");
}

/** Denies the page's script the clipboard, as browsers do on request or without HTTPS. */
export async function forbidCopying(page: Page): Promise<void> {
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException("Denied", "NotAllowedError"));
  });
}

/** Signs in by the form and waits until the console is there. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: /^Account of/ }).waitFor();
}

/** Turns two-factor sign-in on for an account, whose recovery codes are `recovery0` to `recovery9`. */
export async function turnOnTwoFactor(acme: Acme, email: string): Promise<void> {
  const text = `with owner as (
      update account set totp_secret = 'JBSWY3DPEHPK3PXP', totp_confirmed_at = now() where email = $1 returning id)
    insert into recovery_code (account_id, code_hash)
    select id, sha256(('recovery' || number)::bytea) from owner, generate_series(0, 9) as number`;
  await acme.sql(text, [email]);
}

/** Waits for the screen's heading, which needs its code and the session. */
export async function atScreen(page: Page, title: string): Promise<void> {
  await page.getByRole("heading", { level: 1, name: title, exact: true }).waitFor();
}

/**
 * Waits until Acme's request log holds `count` requests and its tokens' last use: the SCIM service writes both a moment
 * after its responses.
 */
export async function requestsLogged(acme: Acme, count: number): Promise<void> {
  const text = `select count(*) >= $2 and bool_and(r.status = 401 or t.last_used_at is not null) as "isWritten"
    from scim_request r join scim_token t on t.id = r.token_id where r.organization_id = $1`;
  const isWritten = async (): Promise<boolean> =>
    (await acme.sql(text, [acme.organizationId, count]))[0]?.["isWritten"] === true;
  await vi.waitUntil(isWritten, { timeout: stepMs });
}

/** The path of the newest link sent to an address, read from the developer mailbox. */
export async function newestLink(acme: Pick<Acme, "appUrl">, recipient: string): Promise<string> {
  const response = await fetch(`${acme.appUrl}/trpc/mail.list`, {
    headers,
    signal: AbortSignal.timeout(stepMs),
  });
  const text = await response.text();
  const [, after] = text.split(`"recipient":"${recipient}"`);
  const path = /\/invitation\?token=[\w.-]+/.exec(after ?? "")?.[0];
  if (path === undefined) throw new Error(`There is no mail with a link to ${recipient}.`);
  return path;
}

/** Waits until the text is shown. */
export const seen = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();

export const dialogOf = (page: Page) => page.getByRole("dialog");

export const region = (page: Page, name: string) => page.getByRole("region", { name });

/** A person's history. */
export const timelineOf = (page: Page) => region(page, "What happened");
