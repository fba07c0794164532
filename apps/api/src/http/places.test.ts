import { expect, test } from "vitest";
import { createPlaces } from "./places.ts";

const bounds = { max: 4, ofOrganizationMax: 2, ofPersonMax: 1 };

// An organization with many owners must leave slots for the others.
test("gives each person and organization their share, and takes each place back once", () => {
  const places = createPlaces(bounds);
  const take = (organizationId: string, accountId: string) => places.take({ organizationId, accountId });
  const ann = take("acme", "ann");
  expect(
    [ann, take("acme", "ann"), take("acme", "bob"), take("acme", "cy")].map((place) => place !== undefined),
  ).toEqual([true, false, true, false]);
  expect(take("rival", "dan")).toBeDefined();
  ann?.();
  ann?.();
  expect(take("acme", "ann")).toBeDefined();
  expect(take("acme", "cy")).toBeUndefined();
  expect(take("third", "eve")).toBeDefined();
  expect(take("fourth", "fay")).toBeUndefined();
});
