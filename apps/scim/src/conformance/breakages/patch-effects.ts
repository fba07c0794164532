import type { Breakage } from "../breakage.ts";
import { anyGroup, anyResource, bodyOf, ignoring, isCall, operationsOf, patching, refusing } from "../broken-write.ts";

/** A PATCH that does something else than its operations say. */
export const patchEffectsBreakages: readonly Breakage[] = [
  {
    checks: [
      ["patch-answers-200-or-204", "patch-group-answers-200-or-204", "patch-shows-chosen-attributes", "patch-in-order"],
      ["patch-paths-in-any-case", "patch-path-with-urn", "patch-keys-in-any-case", "patch-add-with-path"],
      ["patch-add-without-path", "patch-add-replaces-single-value", "patch-add-part", "patch-add-complex"],
      ["patch-add-member", "patch-add-members-without-path", "patch-add-member-once", "patch-add-inactive-member"],
      ["patch-remove-attribute", "patch-remove-part", "patch-remove-complex", "patch-remove-member"],
      ["patch-remove-members-by-or", "patch-remove-members-by-not", "patch-remove-several-members"],
      ["patch-remove-all-members", "patch-remove-then-add", "patch-replace-with-path", "patch-replace-without-path"],
      ["patch-replace-part", "patch-replace-complex", "patch-replace-without-value-adds", "patch-replace-active"],
      ["patch-replace-active-without-path", "patch-replace-null-clears", "patch-replace-members"],
      ["patch-replace-members-by-none", "patch-replace-group-name"],
    ].flat(),
    title: "a PATCH that says yes and does nothing",
    ...ignoring("PATCH", anyResource),
  },
  {
    checks: ["patch-add-member", "patch-add-members-without-path", "patch-add-inactive-member"],
    title: "an add of members that replaces those who are there",
    ...patching((operation) => ({ ...operation, op: operation["op"] === "add" ? "replace" : operation["op"] })),
  },
  {
    checks: ["patch-replace-members", "patch-replace-members-by-none"],
    title: "a replace of members that adds them",
    ...patching((operation) => ({ ...operation, op: operation["op"] === "replace" ? "add" : operation["op"] })),
  },
  {
    checks: ["patch-remove-member", "patch-remove-members-by-not", "patch-remove-nonmember"],
    title: "a remove that does not look at its filter",
    ...patching(({ path, ...operation }) => ({ ...operation, path: String(path).replace(/\[.*\]/, "") })),
  },
  {
    checks: ["patch-remove-members-by-or"],
    title: "a value filter that ends at its first term",
    ...patching(({ path, ...operation }) => ({ ...operation, path: String(path).replace(/ or .*\]/, "]") })),
  },
  {
    checks: ["patch-add-part", "patch-add-complex", "patch-replace-part", "patch-replace-complex"],
    title: "a part of a name that clears the other parts",
    ...clearingBefore("name"),
  },
  {
    checks: ["patch-remove-part"],
    title: "a part that is removed together with the whole",
    ...patching((operation) => ({ ...operation, path: String(operation["path"]).replace(/\..*/, "") })),
  },
  {
    checks: ["patch-add-without-path", "patch-replace-without-path", "patch-replace-active-without-path"],
    title: "an operation without a path that clears what it does not name",
    request: (asked) => {
      if (!isCall(asked, "PATCH", anyResource)) return asked;
      const clearing = ["externalId", "displayName"].map((path) => ({ op: "remove", path }));
      return { ...asked, text: JSON.stringify({ Operations: [...clearing, ...operationsOf(bodyOf(asked))] }) };
    },
  },
  {
    checks: ["patch-in-order"],
    title: "operations that are done from the last to the first",
    request: (asked) =>
      isCall(asked, "PATCH", anyResource)
        ? { ...asked, text: JSON.stringify({ Operations: operationsOf(bodyOf(asked)).toReversed() }) }
        : asked,
  },
  {
    checks: ["patch-remove-then-add"],
    title: "removals that are done after everything else",
    request: (asked) => {
      if (!isCall(asked, "PATCH", anyResource)) return asked;
      const operations = operationsOf(bodyOf(asked));
      const [removals, others] = [true, false].map((is) => operations.filter(({ op }) => (op === "remove") === is));
      return { ...asked, text: JSON.stringify({ Operations: [...(others ?? []), ...(removals ?? [])] }) };
    },
  },
  {
    checks: ["patch-remove-several-members"],
    title: "a PATCH whose first operation alone is done",
    request: (asked) =>
      isCall(asked, "PATCH", anyGroup)
        ? { ...asked, text: JSON.stringify({ Operations: operationsOf(bodyOf(asked)).slice(0, 1) }) }
        : asked,
  },
  {
    checks: ["patch-replace-group-name"],
    title: "a new name for a group that drops its members",
    ...patching(({ value, ...operation }) => ({ ...operation, value: { ...toObject(value), members: [] } })),
  },
  {
    checks: ["patch-replace-active", "patch-replace-active-without-path"],
    title: "an active that stays as it is",
    ...patching((operation) => (/active/.test(JSON.stringify(operation)) ? idle : operation)),
  },
  {
    checks: ["patch-replace-null-clears"],
    title: "a null that is taken for no operation",
    ...patching((operation) => (operation["value"] === null ? idle : operation)),
  },
  {
    checks: ["patch-replace-without-value-adds"],
    title: "a 4xx for a replace of what has no value",
    ...refusing("PATCH", anyResource),
  },
  {
    checks: ["patch-add-extension"],
    title: "a 4xx for an extension",
    ...refusing("PATCH", anyResource, (body) => JSON.stringify(body).includes(":extension:")),
  },
];

/** An operation that changes nobody of the cast. */
const idle = { op: "add", path: "active", value: true };

/** A PATCH that first removes this attribute. */
function clearingBefore(path: string): Pick<Breakage, "request"> {
  return {
    request: (asked) => {
      if (!isCall(asked, "PATCH", anyResource)) return asked;
      const body = bodyOf(asked);
      return {
        ...asked,
        text: JSON.stringify({ ...body, Operations: [{ op: "remove", path }, ...operationsOf(body)] }),
      };
    },
  };
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
