import type { FilterSyntax } from "./filter-grammar.ts";
import { ENTERPRISE_USER_SCHEMA } from "./schema-uris.ts";

/**
 * A filter of people in which every condition on `manager` is decided: nobody has one here. Entra asks
 * `id eq "…" and manager eq "…"` before each change of a manager and gives the person up if it is refused (E-DOC, example
 * 4). Any other attribute that is not supported stays in the filter, to be refused: somebody who matches people by it has
 * to hear that it does not work. Source: RFC 7644, section 3.4.2.1 ("as if there is no attribute value").
 */
export function decideManager(syntax: FilterSyntax): FilterSyntax {
  switch (syntax.kind) {
    case "and":
    case "or":
      return { ...syntax, left: decideManager(syntax.left), right: decideManager(syntax.right) };
    case "not":
      return { ...syntax, operand: decideManager(syntax.operand) };
    case "present":
      return isManager(syntax.name.text) ? constant(syntax.name, false) : syntax;
    case "comparison": {
      const isAbsenceMeant = (syntax.operator === "eq") === (syntax.value === null);
      const holds = (syntax.operator === "eq" || syntax.operator === "ne") && isAbsenceMeant;
      return isManager(syntax.name.text) ? constant(syntax.name, holds) : syntax;
    }
    case "valuePath":
      return isManager(syntax.name.text) ? constant(syntax.name, false) : syntax;
  }
}

/** Everybody has an id, so that its presence is always true and its absence never. */
function constant(name: Extract<FilterSyntax, { readonly kind: "present" }>["name"], holds: boolean): FilterSyntax {
  const id = { ...name, text: "id" };
  return holds ? { kind: "present", name: id } : { kind: "comparison", name: id, operator: "eq", value: null };
}

const names: ReadonlySet<string> = new Set(
  ["manager", "manager.value", "manager.$ref", "manager.displayName"]
    .flatMap((name) => [name, `${ENTERPRISE_USER_SCHEMA}:${name}`])
    .map((name) => name.toLowerCase()),
);

function isManager(name: string): boolean {
  return names.has(name.toLowerCase());
}
