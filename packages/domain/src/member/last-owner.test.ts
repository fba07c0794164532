import { expect, test } from "vitest";
import { checkOwnerRemains } from "./last-owner.ts";

const refused = { ok: false, error: { kind: "lastOwner", name: "Michael" } };

test.each([
  [true, 0, refused],
  [true, 1, { ok: true, value: undefined }],
  [true, 7, { ok: true, value: undefined }],
  [false, 0, { ok: true, value: undefined }],
  [false, 1, { ok: true, value: undefined }],
])("AR-53 AR-72 owner: %j, with %i others", (isOwner, others, expected) => {
  expect(checkOwnerRemains(isOwner, others, "Michael")).toEqual(expected);
});
