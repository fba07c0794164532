import { openDatabase } from "@rollcall/db";
import { databaseProxy, type DatabaseProxy } from "@rollcall/db/testing/database-proxy";
import { afterAll, afterEach, expect, test } from "vitest";
import { openBrowser } from "../testing/test-browser.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

let proxy: DatabaseProxy;

afterAll(() => proxy.close());
const home = await useTestConsole({
  open: async (url, options) => {
    proxy = await databaseProxy(url);
    return openDatabase(proxy.url, {
      ...options,
      waits: { answerMs: 2000, idleMs: 300, lockMs: 300, connectMs: 2000 },
    });
  },
});
const acme = await home.organization("Acme");
const owner = await openBrowser(home.url).signIn(acme);
afterEach(() => proxy.resume());

const sentence = "Rollcall is temporarily unavailable. Try again in a few seconds.";
const cookie = (): Record<string, string> => ({ cookie: owner.cookie()?.split(";")[0] ?? "" });

// While PostgreSQL restarts, the console must show an actionable message and no false "Nothing was changed".
test("a procedure is 503 with a plain sentence and Retry-After, and works again afterwards", async () => {
  proxy.refuse();
  for (const call of [
    () => owner.call("query", "roles.list"),
    () => owner.call("mutation", "session.signIn", { email: acme.ownerEmail, password: acme.ownerPassword }),
    () => openBrowser(home.url).call("mutation", "session.signIn", { email: acme.ownerEmail, password: "x" }),
  ]) {
    const { status, body } = await call();
    expect(status).toBe(503);
    expect(body).toMatchObject({ error: { message: sentence, data: { code: "SERVICE_UNAVAILABLE" } } });
  }
  const response = await fetch(`${home.url}/trpc/session.current`, { headers: cookie() });
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
  expect((await fetch(`${home.url}/readyz`)).status).toBe(503);
  proxy.resume();
  expect((await owner.call("query", "roles.list")).status).toBe(200);
});

test("a procedure that waits for a lock for too long is 503", async () => {
  const held = await home.database.transaction(async (tx) => {
    await tx.query({ name: "", text: "lock table change in access exclusive mode" }, []);
    return owner.call("query", "activity.list", { limit: 50 });
  });
  expect(held).toMatchObject({ status: 503, body: { error: { message: sentence } } });
});

test("a database that says nothing costs one wait, and then new connections serve", async () => {
  await owner.call("query", "roles.list");
  proxy.silence();
  expect((await owner.call("query", "roles.list")).status).toBe(503);
  expect((await owner.call("query", "roles.list")).status).toBe(200);
});

// Browsers navigate to these addresses, so the response is shown to a person.
test("a browser on its way to or from single sign-on, or to a download, gets a page", async () => {
  proxy.refuse();
  const accept = "text/html,application/xhtml+xml,*/*;q=0.8";
  const acs = `/sso/${acme.id}/acs`;
  const form = new URLSearchParams({ SAMLResponse: "PHNhbWxwOlJlc3BvbnNlLz4=" });
  for (const response of [
    await fetch(`${home.url}/sso/${acme.id}/start`, { headers: { accept }, redirect: "manual" }),
    await fetch(`${home.url}${acs}`, { method: "POST", body: form, headers: { accept }, redirect: "manual" }),
    await fetch(`${home.url}/export/members.csv`, { headers: { ...cookie(), accept } }),
  ]) {
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const page = await response.text();
    expect(page).toContain(sentence);
    expect(page).not.toMatch(/sql|pool|database|node_modules/i);
  }
});

test("what is no browser gets JSON from the same addresses", async () => {
  proxy.refuse();
  for (const path of ["/live/requests", "/export/members.csv", `/sso/${acme.id}/start`]) {
    const response = await fetch(`${home.url}${path}`, { headers: cookie() });
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await response.json()).toEqual({ error: sentence, requestId: response.headers.get("x-request-id") });
  }
});

test("a fault of ours stays 500", async () => {
  await home.rows("alter table role rename to lost");
  expect((await owner.call("query", "roles.list")).status).toBe(500);
  await home.rows("alter table lost rename to role");
});
