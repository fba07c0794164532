import { expect, test } from "vitest";
import { providerHabits } from "./known-deviations.ts";

// Guards what an owner reads beside a call: whose habit it is, and what was done with it.
test("a habit of one maker's clients bears its name, one of several makers none", () => {
  expect(providerHabits(["capitalised-op", "password-pushed", "boolean-as-text"]).map(({ title }) => title)).toEqual([
    "Entra habit: operations in capitals",
    "Okta habit: password sent",
    "Provider habit: true and false as text",
  ]);
  expect(providerHabits(["id-null"])).toEqual([
    {
      id: "id-null",
      title: "OneLogin habit: id null",
      clients: ["OneLogin"],
      sends: "Creates a resource with an id that is null.",
      tolerance: "It is left out: Rollcall gives the id.",
    },
  ]);
});

test("an id that the table does not know, as in an old log, has no words", () => {
  expect(providerHabits(["gone", "constructor"])).toEqual([]);
});
