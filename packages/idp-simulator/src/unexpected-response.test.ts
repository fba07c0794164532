import { describe, expect, test } from "vitest";
import { type Exchange, UnexpectedResponse } from "./connection.ts";
import { playOktaLifeCycle } from "./life-cycles.ts";
import { createOktaSimulator } from "./okta-simulator.ts";
import { errorSchema } from "./scim-wire.ts";
import type { LifeCycleStep } from "./step-player.ts";
import { listOf, type Scripted, scriptedService, userOf } from "./testing/scripted-service.ts";

const login = "pam@dm.example";
const pam = { login, givenName: "Pam", familyName: "Beesly" };
const list = listOf([]);
const location = "https://scim.example/scim_v2/Users/u1";

/** Responses in turn; the last one is repeated. */
function inTurn(...responses: readonly [Scripted, ...Scripted[]]): () => Scripted {
  let next = 0;
  return () => {
    const response = responses[Math.min(next, responses.length - 1)];
    next += 1;
    return response ?? responses[0];
  };
}

async function refusedBy(script: () => Scripted, act: "find" | "assign"): Promise<unknown> {
  await using service = await scriptedService(script);
  const okta = createOktaSimulator({ baseUrl: service.baseUrl, token: "t", mode: "wizard", timeoutMs: 5000 });
  const person = okta.people.add(pam);
  return await (act === "find" ? okta.people.find(login) : okta.people.assign(person)).then(
    () => undefined,
    (cause: unknown) => cause,
  );
}

// docs/idp-wire.md 3.1, 3.2, 3.9.
test.each<[string, Scripted, RegExp]>([
  ["another status", { status: 404, body: list }, /should answer 200, but answered 404/],
  ["plain JSON as content type", { status: 200, body: list, headers: { "Content-Type": "text/json" } }, /text\/json/],
  ["a page of HTML", { status: 200, body: "<html>" }, /invalid JSON/],
  ["an empty body", { status: 200 }, /ListResponse/],
  ["no Resources", { status: 200, body: { ...list, Resources: undefined } }, /Resources is wrong/],
  ["a number as text", { status: 200, body: { ...list, startIndex: "1" } }, /startIndex is wrong/],
  ["a total that the page does not hold", { status: 200, body: listOf([], 1) }, /should hold 1 of 1 resources/],
  ["itemsPerPage that is no count", { status: 200, body: { ...list, itemsPerPage: 100 } }, /itemsPerPage/],
  ["no schemas on a hit", { status: 200, body: listOf([userOf({ schemas: [] })]) }, /schemas is wrong/],
  ["active as text", { status: 200, body: listOf([userOf({ active: "true" })]) }, /active is wrong/],
  ["no meta", { status: 200, body: listOf([userOf({ meta: undefined })]) }, /meta is wrong/],
  ["another person's location", { status: 200, body: listOf([userOf({ id: "u2" })]) }, /meta.location/],
  ["a password", { status: 200, body: listOf([userOf({ password: "x" })]) }, /password is wrong/],
  ["no primary email", { status: 200, body: listOf([userOf({ emails: [{ value: login }] })]) }, /one primary/],
  ["another person", { status: 200, body: listOf([userOf({ userName: "jim@dm.example" })]) }, /should hold userName/],
  ["two people", { status: 200, body: listOf([userOf(), userOf()]) }, /at most one person, but finds 2/],
  ["a redirect", { status: 302, headers: { Location: "https://elsewhere.example/" } }, /answered 302/],
])("a filter answered with %s", async (_name, response, sentence) => {
  const cause = await refusedBy(inTurn(response), "find");
  expect(cause).toBeInstanceOf(UnexpectedResponse);
  expect(cause).toHaveProperty("message", expect.stringMatching(sentence));
  expect(cause).toHaveProperty("exchange.status", response.status);
});

test.each<[string, Scripted, RegExp]>([
  ["200", { status: 200, body: userOf() }, /should answer 201/],
  ["an empty body", { status: 201, headers: { Location: location } }, /a User/],
  ["no Location", { status: 201, body: userOf() }, /Location/],
  ["a changed userName", { status: 201, body: userOf({ userName: "PAM@dm.example" }) }, /should hold userName/],
  ["an inactive person", { status: 201, body: userOf({ active: false }), headers: { Location: location } }, /active/],
])("a create answered with %s", async (_name, response, sentence) => {
  const cause = await refusedBy(inTurn({ status: 200, body: list }, response), "assign");
  expect(cause).toBeInstanceOf(UnexpectedResponse);
  expect(cause).toHaveProperty("message", expect.stringMatching(sentence));
});

describe("429", () => {
  const busy = (retryAfter?: string): Scripted => ({
    status: 429,
    body: { schemas: [errorSchema], status: "429", detail: "Too many losses: see the guard." },
    ...(retryAfter === undefined ? {} : { headers: { "Retry-After": retryAfter } }),
  });

  test("is waited out, and the request repeated", async () => {
    await using service = await scriptedService(inTurn(busy("0"), busy("0"), { status: 200, body: list }));
    const okta = createOktaSimulator({ baseUrl: service.baseUrl, token: "t", mode: "wizard" });
    expect(await okta.people.find(login)).toBeUndefined();
    expect(new Set(service.received.map(({ path }) => path)).size).toBe(1);
    expect(service.received).toHaveLength(3);
  });

  test.each([
    ["without the header", undefined, 1, /without a Retry-After in whole seconds/],
    ["with a date", "Tue, 24 Nov 2026 08:00:00 GMT", 1, /without a Retry-After in whole seconds/],
    ["with an hour", "3600", 1, /asks to wait 3600 s.*see the guard/],
    ["again and again", "0", 10, /asks to wait 0 s/],
  ])("%s is wrong", async (_name, retryAfter, requests, sentence) => {
    await using service = await scriptedService(inTurn(busy(retryAfter)));
    const okta = createOktaSimulator({ baseUrl: service.baseUrl, token: "t", mode: "wizard" });
    await expect(okta.people.find(login)).rejects.toThrow(sentence);
    expect(service.received).toHaveLength(requests);
  });
});

// The log may be shown, so it must not hold the token or the password.
test("the log holds no secret", async () => {
  await using service = await scriptedService(inTurn({ status: 200, body: list }, { status: 500, body: {} }));
  const exchanges: Exchange[] = [];
  const log = (exchange: Exchange) => void exchanges.push(exchange);
  const okta = createOktaSimulator({ baseUrl: service.baseUrl, token: "very-secret", mode: "wizard", log });
  await expect(okta.people.assign(okta.people.add(pam))).rejects.toThrow("answered 500");
  expect(exchanges.map(({ method, status }) => `${method} ${status}`)).toEqual(["GET 200", "POST 500"]);
  const sent = service.received[1]?.body;
  expect(sent).toHaveProperty("password", expect.stringMatching(/^\w{8}$/));
  expect(exchanges[1]?.requestBody).toHaveProperty("password", "(hidden)");
  expect(JSON.stringify(exchanges)).not.toContain("very-secret");
});

test("throws when the service cannot be reached", async () => {
  const okta = createOktaSimulator({ baseUrl: "http://127.0.0.1:1/scim_v2", token: "t", mode: "wizard" });
  await expect(okta.testCredentials()).rejects.toThrow(/received no response: the connection failed/);
});

test("a token that no header can carry is refused without being repeated", () => {
  const make = () => createOktaSimulator({ baseUrl: "http://127.0.0.1:1", token: "abc\ndef", mode: "wizard" });
  expect(make).toThrow(/no HTTP header/);
  expect(make).not.toThrow(/abc/);
});

test("the life cycle stops at the first unexpected response", async () => {
  await using service = await scriptedService(inTurn({ status: 200, body: list }, { status: 503, body: {} }));
  const steps: LifeCycleStep[] = [];
  const onStep = (step: LifeCycleStep) => void steps.push(step);
  const played = await playOktaLifeCycle({ baseUrl: service.baseUrl, token: "t", mode: "header-auth", onStep });
  expect(played).toEqual({ ok: false, steps: 1, failed: 1 });
  expect(steps).toEqual([
    { name: "test API credentials", ok: false, detail: expect.stringContaining("503"), durationMs: expect.any(Number) },
  ]);
  expect(service.received).toHaveLength(2);
});
