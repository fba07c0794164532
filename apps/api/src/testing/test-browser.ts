import { createTRPCClient, httpLink, type TRPCClient } from "@trpc/client";
import type { AppRouter } from "../router.ts";

export type TestBrowser = {
  readonly api: TRPCClient<AppRouter>;
  /** A cookie with its attributes: the session's by default, with or without `__Host-`; undefined if absent. */
  cookie(name?: string): string | undefined;
  /** One request without the typed client: the status and the whole body. */
  call(kind: "query" | "mutation", path: string, input?: unknown): Promise<{ status: number; body: unknown }>;
  signIn(who: { readonly ownerEmail: string; readonly ownerPassword: string }): Promise<TestBrowser>;
};

/** A browser with its own cookies, on the console at `url`; `extra`: headers that it always sends. */
export function openBrowser(url: string, held?: string, extra: Readonly<Record<string, string>> = {}): TestBrowser {
  const cookies = new Map<string, string>();
  const hold = (text: string): void => void cookies.set(text.split("=")[0] ?? "", text);
  if (held !== undefined) hold(held);
  const keep = (response: Response): Response => {
    for (const text of response.headers.getSetCookie()) {
      if (text.includes("Max-Age=0;")) cookies.delete(text.split("=")[0] ?? "");
      else hold(text);
    }
    return response;
  };
  const headers = (): Record<string, string> => ({
    "x-rollcall-client": "test",
    ...extra,
    ...(cookies.size === 0 ? {} : { cookie: [...cookies.values()].map((text) => text.split(";")[0]).join("; ") }),
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
    cookie: (name = "rollcall_session") =>
      [...cookies.values()].find((text) => [`${name}=`, `__Host-${name}=`].some((start) => text.startsWith(start))),
    async call(kind, path, input) {
      const isQuery = kind === "query";
      const query = isQuery && input !== undefined ? `?input=${encodeURIComponent(JSON.stringify(input))}` : "";
      const response = keep(
        await fetch(`${url}/trpc/${path}${query}`, {
          method: isQuery ? "GET" : "POST",
          headers: { ...headers(), "content-type": "application/json" },
          ...(isQuery ? {} : { body: JSON.stringify(input ?? {}) }),
        }),
      );
      return { status: response.status, body: await response.json() };
    },
    async signIn({ ownerEmail: email, ownerPassword: password }) {
      await browser.api.session.signIn.mutate({ email, password });
      return browser;
    },
  };
  return browser;
}
