import type { Page, Route } from "playwright-core";

const sessionName = "session.current";
const slowMs = 150;

/** Controls how the server's responses reach a page: unchanged, delayed, held back or failed. */
export type Network = {
  pass(): Promise<void>;
  slow(): void;
  /** Holds back everything but the session until `pass` or `fail`. */
  hold(): void;
  /** Fails everything but the session, or only the query with this name. */
  fail(only?: string): void;
  /** The names of the queries since the last call, without the session's. */
  asked(): string[];
};

/** Intercepts the queries of a page. */
export async function networkOf(page: Page): Promise<Network> {
  let treat: (route: Route, names: readonly string[]) => Promise<void> = (route) => route.continue();
  let held: (() => void)[] = [];
  const asked = new Set<string>();
  await page.route("**/trpc/**", async (route) => {
    const names = new URL(route.request().url()).pathname.slice("/trpc/".length).split(",");
    for (const name of names) if (name !== sessionName) asked.add(name);
    // A page that navigates cancels its requests.
    await treat(route, names).catch(() => undefined);
  });
  const release = (): void => {
    for (const next of held.splice(0)) next();
  };
  return {
    async pass() {
      treat = (route) => route.continue();
      release();
    },
    slow() {
      treat = async (route) => {
        await new Promise((resolve) => setTimeout(resolve, slowMs));
        await route.continue();
      };
    },
    hold() {
      held = [];
      treat = async (route, names) => {
        if (names.every((name) => name === sessionName)) return route.continue();
        await new Promise<void>((resolve) => held.push(resolve));
        return treat(route, names);
      };
    },
    fail(only) {
      const fails = (name: string): boolean => (only === undefined ? name !== sessionName : name === only);
      treat = (route, names) => (names.some(fails) ? failed(route, names, fails) : route.continue());
      release();
    },
    asked() {
      const names = [...asked];
      asked.clear();
      return names;
    },
  };
}

/** The server's response with an error in place of each failed query. */
async function failed(route: Route, names: readonly string[], fails: (name: string) => boolean): Promise<void> {
  const real: unknown = names.every(fails) ? [] : await (await route.fetch()).json();
  const answers: readonly unknown[] = Array.isArray(real) ? real : [];
  const json = names.map((name, place) => (fails(name) ? failureOf(name) : answers[place]));
  await route.fulfill({ status: names.every(fails) ? 500 : 207, json });
}

/** One error in the server's shape; a batch is a list of these. */
export function failureOf(path: string): object {
  const data = { code: "INTERNAL_SERVER_ERROR", httpStatus: 500, path, requestId: "0199-on-show", rule: null };
  return { error: { message: "Something went wrong on our side.", code: -32603, data: { ...data, fieldErrors: {} } } };
}
