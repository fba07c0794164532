import { expect, test } from "vitest";
import { hostNameOf, isKnownHost, isLoopbackHost, knownHosts } from "./known-host.ts";

const behindProxy = {
  listensOn: "0.0.0.0",
  publicUrls: ["https://console.example", "https://scim.example:8443/scim_v2"],
};
const local = { listensOn: "127.0.0.1", publicUrls: ["http://127.0.0.1:4000"] };

// A page whose name resolves to this server (DNS rebinding) sends its own name as Host.
test.each([
  [behindProxy, "console.example", true],
  [behindProxy, "Console.Example.:443", true],
  [behindProxy, "scim.example:8443", true],
  [behindProxy, "console.example.evil.example", false],
  [behindProxy, "evil.example", false],
  [behindProxy, "evil.example:console.example", false],
  [behindProxy, "localhost", false],
  [behindProxy, "", false],
  [behindProxy, "10.0.0.7:4000", true],
  [behindProxy, "10.0.0.8", false],
  [behindProxy, "[::ffff:10.0.0.7]", false],
  [{ ...behindProxy, allowed: "internal.example, rollcall:4000" }, "rollcall", true],
  [{ ...behindProxy, allowed: "internal.example, rollcall:4000" }, "internal.example:80", true],
  [local, "127.0.0.1:4000", true],
  [local, "localhost:4000", true],
  [local, "rebound.example:4000", false],
  [{ ...local, listensOn: "::1" }, "[::1]:4000", true],
  [local, undefined, true],
])("a server of %j answers for the host %s: %s", (settings, header, expected) => {
  expect(isKnownHost(knownHosts(settings), header, "::ffff:10.0.0.7")).toBe(expected);
});

test.each([
  ["localhost", true],
  ["127.1.2.3", true],
  ["::1", true],
  ["[::1]", true],
  ["127.0.0.1.example", false],
  ["0.0.0.0", false],
  ["::", false],
])("%s is this machine alone: %s", (name, expected) => {
  expect(isLoopbackHost(name)).toBe(expected);
});

test.each([
  ["http://127.0.0.1:4000", "127.0.0.1"],
  ["https://Console.example/path?x=http://other.example", "console.example"],
  ["https://user@console.example", "console.example"],
  ["https://[::1]:4000/", "[::1]"],
  ["ftp://console.example", ""],
])("the host of %s is %s", (url, expected) => {
  expect(hostNameOf(url)).toBe(expected);
});
