import { expect, test } from "vitest";
import { checkConfirmedRemoval } from "./member-removal.ts";

const pam = { name: "Pam Beesly", isManaged: false, isOwner: false };
const facts = { isSelf: false, otherActiveOwners: 1, onlyDirectoryRemoves: false };

test.each([
  ["an unmanaged person", pam, facts, undefined, undefined],
  ["oneself", pam, { ...facts, isSelf: true }, undefined, "selfRemoval"],
  ["the last owner", { ...pam, isOwner: true }, { ...facts, otherActiveOwners: 0 }, undefined, "lastOwner"],
  ["another owner", { ...pam, isOwner: true }, facts, undefined, undefined],
  ["a managed person without a word", { ...pam, isManaged: true }, facts, undefined, "confirmationWrong"],
  ["a managed person by another name", { ...pam, isManaged: true }, facts, "Pam", "confirmationWrong"],
  [
    "a managed person by what is seen of the name",
    { ...pam, name: "Jose\u0301\u00a0 Alba", isManaged: true },
    facts,
    "Jos\u00e9 Alba",
    undefined,
  ],
  ["a managed person by name", { ...pam, isManaged: true }, facts, " Pam Beesly ", undefined],
  [
    "a managed person whom only the directory removes",
    { ...pam, isManaged: true },
    { ...facts, onlyDirectoryRemoves: true },
    "Pam Beesly",
    "onlyDirectoryRemoves",
  ],
  ["an unmanaged person there", pam, { ...facts, onlyDirectoryRemoves: true }, undefined, undefined],
])("AR-71 AR-72 removing %s", (_, member, known, typed, refusal) => {
  const decided = checkConfirmedRemoval(member, known, typed);
  expect(decided.ok ? undefined : decided.error.kind).toBe(refusal);
});
