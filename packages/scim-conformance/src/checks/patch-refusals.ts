import { expectError } from "../assertion.ts";
import { check, checksOf, type Chapter } from "../check.ts";
import { patchOf, patchSchema, remove, replace } from "../request-body.ts";
import {
  leavesUnchanged,
  noSuchMethod,
  patchRefusalFaults,
  refuses,
  refusesPatch,
  refusesPatchBody,
  rename,
} from "./write-kinds.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.12", needs: ["patch"] };

/** What a PATCH must refuse, and by which scimType. */
export const patchRefusalsChecks = checksOf(chapter, {
  "patch-unknown-op": check("An operation that is none of add, replace and remove is 400 invalidSyntax.")
    .run(refusesPatch("person 1", [400, "invalidSyntax"], [{ ...rename, op: "increment" }]))
    .faults(...patchRefusalFaults),
  "patch-without-op": check("An operation without an op is 400 invalidSyntax.")
    .run(refusesPatch("person 1", [400, "invalidSyntax"], [{ path: "displayName", value: "Another" }]))
    .faults(...patchRefusalFaults),
  "patch-without-operations": check("A PATCH without Operations is 400 invalidSyntax.")
    .run(refusesPatchBody("person 1", [400, "invalidSyntax"], { schemas: [patchSchema] }))
    .faults(...patchRefusalFaults),
  "patch-operations-as-object": check("A PATCH whose Operations are not an array is 400 invalidSyntax.")
    .run(refusesPatchBody("person 1", [400, "invalidSyntax"], { schemas: [patchSchema], Operations: rename }))
    .faults(...patchRefusalFaults),
  "patch-broken-json": check("A PATCH whose body is not valid JSON is 400 invalidSyntax.")
    .run(refusesPatchBody("person 1", [400, "invalidSyntax"], JSON.stringify(patchOf(rename)).slice(0, -2)))
    .faults(...patchRefusalFaults),
  "patch-malformed-path": check("A path that is malformed is 400 invalidPath.")
    .run(
      refusesPatch(
        "person 1",
        [400, "invalidPath"],
        ...["name..givenName", "displayName]", "name.", ".displayName"].map((path) => [replace(path, "Another")]),
      ),
    )
    .faults(...patchRefusalFaults),
  "patch-unknown-path": check("A path to an attribute that the resource type does not have is 400 invalidPath.")
    .run(refusesPatch("person 1", [400, "invalidPath"], [replace("shoeSize", "Another")]))
    .faults(...patchRefusalFaults),
  "patch-malformed-filter": check("A value filter that is malformed is 400, by invalidPath or invalidFilter.")
    .run(
      leavesUnchanged("group 1", async (target, path) => {
        for (const filter of ["value eq", 'value is "x"', 'value eq "x', "(value pr"]) {
          const response = await target.patch(path, patchOf(remove(`members[${filter}]`)));
          expectError(response, 400);
          if (!response.text.includes('"invalidPath"')) expectError(response, 400, "invalidFilter");
        }
      }),
    )
    .faults(...patchRefusalFaults),
  "patch-endpoint-refused": check("A PATCH of an endpoint instead of a resource is refused.")
    .clause("RFC 7644 section 3.2")
    .run(refuses(noSuchMethod, (target) => target.patch("/Users", patchOf(rename))))
    .faults("a PATCH of an endpoint"),
});
