import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { OktaPerson, OktaSimulator } from "@rollcall/idp-simulator";
import { z } from "zod";

/** A small Okta org in front of the simulator: the part of Okta's own API that its CRUD suite uses. */
export type OktaOrg = { readonly url: string; stop(): Promise<void> };
export type OktaOrgOptions = { readonly okta: OktaSimulator; readonly appId: string; readonly apiToken: string };

type Directory = { readonly okta: OktaSimulator; readonly peopleById: Map<string, OktaPerson> };
type OktaResponse = { readonly status: number; readonly body?: object };
type Route = {
  readonly method: string;
  readonly path: RegExp;
  respond(directory: Directory, ids: readonly string[], body: unknown): Promise<OktaResponse>;
};

const profileShape = z.object({
  profile: z.object({ firstName: z.string(), lastName: z.string(), login: z.string() }),
});
const assignmentShape = z.object({ id: z.string(), credentials: z.object({ userName: z.string() }) });
const bodyBytesMax = 64 * 1024;

const routes: readonly Route[] = [
  {
    method: "GET",
    path: /^\/api\/v1\/apps\/(\w+)$/,
    respond: async (_directory, [id]) => ({ status: 200, body: { id, status: "ACTIVE" } }),
  },
  {
    method: "POST",
    path: /^\/api\/v1\/users$/,
    async respond({ okta, peopleById }, _ids, body) {
      const { firstName, lastName, login } = profileShape.parse(body).profile;
      const person = okta.people.add({ login, givenName: firstName, familyName: lastName });
      peopleById.set(person.id, person);
      return { status: 200, body: { id: person.id, status: "ACTIVE" } };
    },
  },
  {
    method: "POST",
    path: /^\/api\/v1\/apps\/(\w+)\/users$/,
    async respond(directory, _ids, body) {
      const { id } = assignmentShape.parse(body);
      const person = personOf(directory, id);
      const { people } = directory.okta;
      await (person.remoteId === null ? people.assign(person) : people.reactivate(person));
      return { status: 200, body: { id, externalId: person.remoteId, status: "PROVISIONED" } };
    },
  },
  {
    method: "PUT",
    path: /^\/api\/v1\/users\/(\w+)$/,
    async respond(directory, [id = ""], body) {
      const { firstName, lastName } = profileShape.parse(body).profile;
      await directory.okta.people.update(personOf(directory, id), { givenName: firstName, familyName: lastName });
      return { status: 200, body: { id } };
    },
  },
  {
    method: "POST",
    path: /^\/api\/v1\/users\/(\w+)\/lifecycle\/deactivate$/,
    async respond(directory, [id = ""]) {
      await directory.okta.people.unassign(personOf(directory, id));
      return { status: 200, body: {} };
    },
  },
  {
    // Okta sends nothing here: a deactivated person has lost the app, and the suite assigns it again in its next step.
    method: "POST",
    path: /^\/api\/v1\/users\/(\w+)\/lifecycle\/activate$/,
    respond: async () => ({ status: 200, body: {} }),
  },
  {
    method: "DELETE",
    path: /^\/api\/v1\/apps\/\w+\/users\/(\w+)$/,
    async respond(directory, [id = ""]) {
      await directory.okta.people.unassign(personOf(directory, id));
      return { status: 204 };
    },
  },
];

/** Throws for an unknown id. */
function personOf({ peopleById }: Directory, id: string): OktaPerson {
  const person = peopleById.get(id);
  if (person === undefined) throw new Error(`No person ${id} in this Okta.`);
  return person;
}

/** Starts the org on a free port. A failed request to the service is returned as 500 with the simulator's message. */
export async function startOktaOrg(options: OktaOrgOptions): Promise<OktaOrg> {
  const directory = { okta: options.okta, peopleById: new Map<string, OktaPerson>() };
  const server = createServer((req, res) => {
    void respond(req, res, { ...options, ...directory });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The simulated Okta org has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function respond(req: IncomingMessage, res: ServerResponse, org: OktaOrgOptions & Directory): Promise<void> {
  const { status, body } = await responseTo(req, org);
  res.writeHead(status, { "Content-Type": "application/json" });
  res.end(body === undefined ? undefined : JSON.stringify(body));
}

async function responseTo(req: IncomingMessage, org: OktaOrgOptions & Directory): Promise<OktaResponse> {
  if (req.headers.authorization !== `SSWS ${org.apiToken}`) return { status: 401 };
  const { pathname } = new URL(req.url ?? "/", "http://okta.example");
  if (pathname.startsWith("/api/v1/apps/") && pathname.split("/")[4] !== org.appId) return { status: 404 };
  const route = routes.find(({ method, path }) => method === req.method && path.test(pathname));
  if (route === undefined) return { status: 404, body: { errorSummary: `No ${req.method} ${pathname} in this Okta.` } };
  try {
    const ids = route.path.exec(pathname)?.slice(1) ?? [];
    return await route.respond(org, ids, await readJson(req));
  } catch (cause) {
    return { status: 500, body: { errorSummary: cause instanceof Error ? cause.message : String(cause) } };
  }
}

async function readJson(req: IncomingMessage): Promise<unknown> {
  req.setEncoding("utf8");
  let text = "";
  for await (const chunk of req) {
    text += String(chunk);
    if (text.length > bodyBytesMax) throw new Error("The body is too long.");
  }
  return text === "" ? undefined : JSON.parse(text);
}
