import { serviceProviderOf, type ServiceProvider } from "../sso/service-provider.ts";
import { openBrowser, type TestBrowser } from "./test-browser.ts";
import type { TestConsole, TestOrganization } from "./test-console.ts";
import type { TestIdp } from "./test-idp.ts";

/** The console's public address in these tests: on loopback, as the identity provider is. */
export const localAppUrl = "http://127.0.0.1:4000";

/** Where a form to the ACS has led the browser, and the session that it was given. */
type Arrival = { readonly location: string | null; readonly browser: TestBrowser };

/** An organization that trusts a test identity provider. */
export type TestSso = TestOrganization & {
  readonly provider: ServiceProvider;
  readonly owner: TestBrowser;
  /** Starts a sign-in as a browser does and returns the address of the identity provider. */
  start(next?: string): Promise<string>;
  /** Brings a response to the ACS, as the form of another site does. */
  deliver(response: string, relayState?: string): Promise<Arrival>;
};

export async function newSsoOrganization(home: TestConsole, idp: TestIdp, name: string): Promise<TestSso> {
  const organization = await home.organization(name);
  const owner = await openBrowser(home.url).signIn(organization);
  await owner.api.sso.configure.mutate({ metadataUrl: idp.metadataUrl });
  const provider = serviceProviderOf(localAppUrl, organization.id);
  return {
    ...organization,
    provider,
    owner,
    async start(next) {
      const query = next === undefined ? "" : `?next=${encodeURIComponent(next)}`;
      const answer = await fetch(`${home.url}/sso/${organization.id}/start${query}`, { redirect: "manual" });
      return answer.headers.get("location") ?? "";
    },
    deliver: (response, relayState) => deliver(home, organization.id, response, relayState),
  };
}

async function deliver(
  home: TestConsole,
  organizationId: string,
  response: string,
  relayState: string | undefined,
): Promise<Arrival> {
  const form = new URLSearchParams({ SAMLResponse: response });
  if (relayState !== undefined) form.set("RelayState", relayState);
  const answer = await fetch(`${home.url}/sso/${organizationId}/acs`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: "https://idp.example" },
    body: form,
  });
  const [cookie] = answer.headers.getSetCookie();
  return { location: answer.headers.get("location"), browser: openBrowser(home.url, cookie) };
}

/** A digest of every table, so that a test sees whether anything at all was written. */
export async function everyRow(home: TestConsole): Promise<unknown> {
  const listed = await home.database.sql.query(
    { name: "", text: "select table_name as name from information_schema.tables where table_schema = 'public'" },
    [],
  );
  const digests: [string, unknown][] = [];
  for (const { name } of listed) {
    const text = `select count(*), md5(string_agg(t::text, '|' order by t::text)) as digest from "${String(name)}" t`;
    const [row] = await home.database.sql.query({ name: "", text }, []);
    digests.push([String(name), row]);
  }
  return Object.fromEntries(digests.toSorted(([a], [b]) => a.localeCompare(b)));
}
