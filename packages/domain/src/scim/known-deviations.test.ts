import { expect, test } from "vitest";
import { knownDeviations } from "./known-deviations.ts";

test("names the vendor of a deviation, unless it has several", () => {
  expect(knownDeviations(["capitalised-op", "password-pushed", "boolean-as-text"]).map(({ title }) => title)).toEqual([
    "Entra deviation: operations in capitals",
    "Okta deviation: password sent",
    "Provider deviation: true and false as text",
  ]);
  expect(knownDeviations(["id-null"])).toEqual([
    {
      id: "id-null",
      title: "OneLogin deviation: id null",
      clients: ["OneLogin"],
      sends: "Creates a resource with an id that is null.",
      tolerance: "It is left out: Rollcall gives the id.",
    },
  ]);
});

test("leaves out an id that the table does not have", () => {
  expect(knownDeviations(["gone", "constructor"])).toEqual([]);
});
