import { afterAll, beforeAll, expect, test } from "vitest";
import { newTestKey } from "../../testing/test-certificate.ts";
import { serviceProviderOf } from "./service-provider.ts";
import { createXmlReader, type XmlReader } from "./xml-reader.ts";

let reader: XmlReader;
beforeAll(() => {
  reader = createXmlReader();
});
afterAll(() => reader.close());

const task = {
  provider: serviceProviderOf("https://console.example", "0"),
  connection: {
    signInUrl: "https://idp.example/sign-in",
    certificates: [newTestKey("Test").certificate.toString("base64")],
  },
  encoded: "bm90IFhNTA==",
};

// A client that sends a hundred forms at once gets at most eight in work or waiting, so that others can sign in.
test("takes at most eight documents of one client address at a time, and others at once", async () => {
  const many = await Promise.all([
    ...Array.from({ length: 20 }, () => reader.verifyResponse(task, "192.0.2.1")),
    reader.verifyResponse(task, "192.0.2.2"),
  ]);
  expect(many.slice(0, 20).filter((response) => response === "busy")).toHaveLength(12);
  expect(many[20]).toMatchObject({ isSigned: false, problem: "malformed" });
  expect(await reader.verifyResponse(task, "192.0.2.1")).toMatchObject({ problem: "malformed" });
});
