import { createTRPCClient, httpLink, type TRPCClient } from "@trpc/client";
import type { AppRouter } from "../router.ts";

export type TestBrowser = {
  readonly api: TRPCClient<AppRouter>;
  /** The session cookie as the browser holds it, with its attributes; undefined: none. */
  cookie(): string | undefined;
  /** One call without the client's types: the status and the whole body. */
  call(kind: "query" | "mutation", path: string, input?: unknown): Promise<{ status: number; body: unknown }>;
  signIn(who: { readonly ownerEmail: string; readonly ownerPassword: string }): Promise<TestBrowser>;
};

/** A browser with a cookie of its own, on the console at `url`. */
export function openBrowser(url: string, held?: string): TestBrowser {
  let cookie = held;
  const keep = (answer: Response): Response => {
    for (const text of answer.headers.getSetCookie()) cookie = text.includes("Max-Age=0") ? undefined : text;
    return answer;
  };
  const headers = (): Record<string, string> => ({
    "x-rollcall-client": "test",
    ...(cookie === undefined ? {} : { cookie: cookie.split(";")[0] ?? "" }),
  });
  const browser: TestBrowser = {
    api: createTRPCClient<AppRouter>({
      links: [
        httpLink({
          url: `${url}/trpc`,
          headers,
          fetch: async (input, init) => keep(await fetch(input, { ...init, signal: null })),
        }),
      ],
    }),
    cookie: () => cookie,
    async call(kind, path, input) {
      const isQuery = kind === "query";
      const query = isQuery && input !== undefined ? `?input=${encodeURIComponent(JSON.stringify(input))}` : "";
      const answer = keep(
        await fetch(`${url}/trpc/${path}${query}`, {
          method: isQuery ? "GET" : "POST",
          headers: { ...headers(), "content-type": "application/json" },
          ...(isQuery ? {} : { body: JSON.stringify(input ?? {}) }),
        }),
      );
      return { status: answer.status, body: await answer.json() };
    },
    async signIn({ ownerEmail: email, ownerPassword: password }) {
      await browser.api.session.signIn.mutate({ email, password });
      return browser;
    },
  };
  return browser;
}
