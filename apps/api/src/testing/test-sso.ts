import { serviceProviderOf, type ServiceProvider } from "../security/saml/service-provider.ts";
import { openBrowser, type TestBrowser } from "./test-browser.ts";
import type { TestConsole, TestOrganization } from "./test-console.ts";
import type { TestIdp } from "./test-idp.ts";

/** The console's public address in these tests: on loopback, as the identity provider is. */
export const localAppUrl = "http://127.0.0.1:4000";

/** The redirect after a form to the ACS, and the new session. */
type Arrival = { readonly location: string | null; readonly browser: TestBrowser };

/** `mark`: of the browser that sends it, if it is another one; null: a browser without a mark. */
type Delivering = { readonly relayState?: string; readonly mark?: string | null };

/** The cookie that identifies the requesting browser. */
export const markName = "__Host-rollcall_mark";

/** An organization that trusts a test identity provider. */
export type TestSso = TestOrganization & {
  readonly provider: ServiceProvider;
  readonly owner: TestBrowser;
  /** Starts a sign-in, always in the same browser, and returns the address of the identity provider. */
  start(query?: Readonly<Record<string, string>>): Promise<string>;
  /** Posts a response to the ACS from that browser, as the form of another site does. */
  deliver(response: string, more?: Delivering): Promise<Arrival>;
};

export async function newSsoOrganization(home: TestConsole, idp: TestIdp, name: string): Promise<TestSso> {
  const { organization, browser: owner } = await home.ownerOf(name);
  await owner.api.sso.configure.mutate({ metadataUrl: idp.metadataUrl });
  const provider = serviceProviderOf(localAppUrl, organization.id);
  const visitor: { mark: string | undefined } = { mark: undefined };
  return {
    ...organization,
    provider,
    owner,
    async start(query = {}) {
      const address = `${home.url}/sso/${organization.id}/start?${new URLSearchParams(query).toString()}`;
      const response = await fetch(address, { redirect: "manual", headers: cookieOf(visitor.mark) });
      visitor.mark = response.headers.getSetCookie().find((text) => text.startsWith(markName)) ?? visitor.mark;
      return response.headers.get("location") ?? "";
    },
    deliver: (response, { relayState, mark = visitor.mark } = {}) =>
      deliver(`${home.url}/sso/${organization.id}/acs`, { response, relayState, mark: mark ?? undefined }),
  };
}

type Delivered = {
  readonly response: string;
  readonly relayState: string | undefined;
  readonly mark: string | undefined;
};

async function deliver(acsUrl: string, { response, relayState, mark }: Delivered): Promise<Arrival> {
  const form = new URLSearchParams({ SAMLResponse: response });
  if (relayState !== undefined) form.set("RelayState", relayState);
  const redirect = await fetch(acsUrl, {
    method: "POST",
    redirect: "manual",
    headers: { origin: "https://idp.example", ...cookieOf(mark) },
    body: form,
  });
  const [cookie] = redirect.headers.getSetCookie();
  return { location: redirect.headers.get("location"), browser: openBrowser(new URL(acsUrl).origin, cookie) };
}

function cookieOf(text: string | undefined): Readonly<Record<string, string>> {
  return text === undefined ? {} : { cookie: text.split(";")[0] ?? "" };
}

/** A digest of every table, to prove whether anything was written. */
export async function everyRow(home: TestConsole): Promise<unknown> {
  const listed = await home.rows(
    "select table_name as name from information_schema.tables where table_schema = 'public'",
  );
  const digests: [string, unknown][] = [];
  for (const { name } of listed) {
    const text = `select count(*), md5(string_agg(t::text, '|' order by t::text)) as digest from "${String(name)}" t`;
    const [row] = await home.rows(text);
    digests.push([String(name), row]);
  }
  return Object.fromEntries(digests.toSorted(([a], [b]) => a.localeCompare(b)));
}
