import { expect, test } from "vitest";
import { createSlots } from "./slots.ts";

const bounds = { max: 4, ofOrganizationMax: 2, ofPersonMax: 1 };

// An organization with many owners must leave slots for the others.
test("gives each person and organization their share, and takes each slot back once", () => {
  const slots = createSlots(bounds);
  const acquire = (organizationId: string, accountId: string) => slots.acquire({ organizationId, accountId });
  const ann = acquire("acme", "ann");
  expect(
    [ann, acquire("acme", "ann"), acquire("acme", "bob"), acquire("acme", "cy")].map((slot) => slot !== undefined),
  ).toEqual([true, false, true, false]);
  expect(acquire("rival", "dan")).toBeDefined();
  ann?.();
  ann?.();
  expect(acquire("acme", "ann")).toBeDefined();
  expect(acquire("acme", "cy")).toBeUndefined();
  expect(acquire("third", "eve")).toBeDefined();
  expect(acquire("fourth", "fay")).toBeUndefined();
});
