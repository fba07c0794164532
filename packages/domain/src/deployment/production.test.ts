import { describe, expect, test } from "vitest";
import { judgeStart, settingsOf } from "./production.ts";

const ready = {
  publicAppUrl: "https://console.example",
  publicScimUrl: "https://scim.example/scim_v2",
  trustProxy: 1,
  secretKey: "k",
  smtpUrl: "smtp://mail.example",
};
const server = { nodeEnv: "production", listensOn: "0.0.0.0" };

/** The settings that lines are about. */
const namesIn = (lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => /^([A-Z_]+): /.exec(line)?.[1] ?? []);

describe("in production", () => {
  test.each([
    [{}, []],
    [{ publicAppUrl: "http://console.example" }, ["PUBLIC_APP_URL"]],
    [{ publicAppUrl: "http://127.0.0.1:4000" }, ["PUBLIC_APP_URL"]],
    [{ publicScimUrl: "http://scim.example/scim_v2" }, ["PUBLIC_SCIM_URL"]],
    [{ trustProxy: true }, ["TRUST_PROXY"]],
    [{ trustProxy: false }, []],
    [{ trustProxy: "loopback" }, []],
    [{ secretKey: undefined }, ["ROLLCALL_SECRET_KEY"]],
    [{ smtpUrl: undefined }, ["SMTP_URL"]],
    [{ databaseUrl: undefined }, ["DATABASE_URL"]],
    [
      { publicAppUrl: "http://x.example", trustProxy: true, secretKey: undefined, smtpUrl: undefined },
      ["PUBLIC_APP_URL", "TRUST_PROXY", "ROLLCALL_SECRET_KEY", "SMTP_URL"],
    ],
  ])("%j is refused for %j, and on loopback a warning", (changed, names) => {
    const settings = { ...ready, ...changed };
    const judged = judgeStart(server, settings);
    expect(judged.ok).toBe(names.length === 0);
    expect(namesIn(judged.ok ? judged.value : judged.error.split("\n"))).toEqual(names);
    const onLoopback = judgeStart({ ...server, listensOn: "127.0.0.1" }, settings);
    expect(onLoopback.ok && namesIn(onLoopback.value)).toEqual(names);
  });

  test("a server is judged by its own settings only", () => {
    expect(judgeStart(server, { secretKey: "k" })).toEqual({ ok: true, value: [] });
  });
});

test.each([
  [undefined, false],
  ["", false],
  ["production", false],
  ["prod", false],
  ["Development", false],
  ["development", true],
  ["test", true],
])("with NODE_ENV=%s a server without a key starts: %s", (nodeEnv, mayStart) => {
  expect(judgeStart({ ...server, nodeEnv }, { secretKey: undefined }).ok).toBe(mayStart);
});

test("an empty setting is none", () => {
  expect(settingsOf({ HOST: "", SCIM_PORT: "4001", LOG_LEVEL: undefined })).toEqual({ SCIM_PORT: "4001" });
});
