import { emailKey } from "@rollcall/domain";
import { foldText, type AttributePath, type Comparison, type Filter } from "@rollcall/scim-protocol";
import { isUuid } from "../store/id.ts";

/** A condition and its values; the placeholders count on from where the caller said. Never null: true or false. */
export type SqlCondition = { readonly text: string; readonly values: readonly unknown[] };

/**
 * What stands for an attribute in SQL. `text` columns hold folded text unless `isCaseExact`, or keys of addresses; an `id` is a UUID, which SCIM
 * reads as exact text. `isIndexed`: an index finds the few resources that have one value. `isNullable`: some have none.
 */
export type SqlColumn =
  | (ColumnFacts & { readonly kind: "text"; readonly isCaseExact: boolean; readonly isAddress?: true })
  | (ColumnFacts & { readonly kind: "id" })
  | (ColumnFacts & { readonly kind: "boolean" })
  | (ColumnFacts & { readonly kind: "instant" });
type ColumnFacts = { readonly sql: string; readonly isIndexed?: true; readonly isNullable?: true };

/**
 * How the attributes of a resource type are found, by their lower-case name or `name.sub`. `each` wraps a condition on
 * the elements of a multi-valued attribute into one on the resource.
 */
export type SqlColumns = {
  readonly columns: ReadonlyMap<string, SqlColumn>;
  readonly each: ReadonlyMap<string, (condition: string) => string>;
};

/** A path that scim-protocol let through must have a column: a gap is a bug of ours, not the caller's. */
export function columnOf(path: AttributePath, resource: SqlColumns): SqlColumn {
  const name = [path.attribute.name, path.subAttribute?.name].filter((part) => part !== undefined).join(".");
  const column = resource.columns.get(name.toLowerCase());
  if (column === undefined) throw new Error(`No column stands for the attribute ${name}.`);
  return column;
}

/** Translates a filter tree into a parameterised condition; `firstPlace` is the number of its first placeholder. */
export function filterToSql(filter: Filter | undefined, resource: SqlColumns, firstPlace: number): SqlCondition {
  const values: unknown[] = [];
  const place = (value: unknown): string => `$${firstPlace + values.push(value) - 1}`;
  return { text: filter === undefined ? "true" : condition(filter, resource, place), values };
}

/**
 * Does an index lead to the few resources that can match? Then the rest of the filter costs nothing to speak of. Such is
 * the equality of an indexed attribute, and whatever is joined to one by `and`.
 */
export function isLookUp(filter: Filter | undefined, resource: SqlColumns): boolean {
  switch (filter?.kind) {
    case "and":
      return isLookUp(filter.left, resource) || isLookUp(filter.right, resource);
    case "or":
      return isLookUp(filter.left, resource) && isLookUp(filter.right, resource);
    case "comparison":
      return filter.operator === "eq" && filter.value !== null && columnOf(filter.path, resource).isIndexed === true;
    case "valuePath":
      return isLookUp(filter.filter, elementOf(filter.attribute.name, resource));
    case "constant":
      return !filter.value;
    case "not":
    case "present":
    case undefined:
      return false;
  }
}

type Place = (value: unknown) => string;

function condition(filter: Filter, resource: SqlColumns, place: Place): string {
  switch (filter.kind) {
    case "and":
    case "or":
      return `(${condition(filter.left, resource, place)} ${filter.kind} ${condition(filter.right, resource, place)})`;
    case "not":
      return `(not ${condition(filter.operand, resource, place)})`;
    case "constant":
      return String(filter.value);
    case "valuePath":
      return wrapped(
        filter.attribute.name,
        resource,
        condition(filter.filter, elementOf(filter.attribute.name, resource), place),
      );
    case "present":
      return wrapped(filter.path.attribute.name, resource, presence(filter.path, resource));
    case "comparison":
      return compared(filter, resource, place);
  }
}

/** Inside `emails[…]` a name means the sub-attribute, and the element is already at hand. */
function elementOf(attribute: string, resource: SqlColumns): SqlColumns {
  const prefix = `${attribute.toLowerCase()}.`;
  const inner = [...resource.columns].filter(([name]) => name.startsWith(prefix));
  return { columns: new Map(inner.map(([name, column]) => [name.slice(prefix.length), column])), each: new Map() };
}

function wrapped(attribute: string, resource: SqlColumns, text: string): string {
  return resource.each.get(attribute.toLowerCase())?.(text) ?? text;
}

/** A complex attribute is present where any of its sub-attributes is. */
function presence(path: AttributePath, resource: SqlColumns): string {
  const name = path.attribute.name.toLowerCase();
  if (path.subAttribute !== undefined || resource.columns.has(name))
    return `(${columnOf(path, resource).sql} is not null)`;
  const parts = [...resource.columns].filter(([other]) => other.startsWith(`${name}.`));
  return `(${parts.map(([, column]) => `${column.sql} is not null`).join(" or ")})`;
}

type ComparisonFilter = Extract<Filter, { kind: "comparison" }>;

function compared(filter: ComparisonFilter, resource: SqlColumns, place: Place): string {
  const { path, operator, value } = filter;
  const attribute = path.attribute.name;
  if (value === null) return absence(filter, wrapped(attribute, resource, presence(path, resource)));
  // `ne` speaks of the whole attribute: none of its elements may be equal, or there is none.
  if (operator === "ne") {
    return `(not ${wrapped(attribute, resource, known(columnOf(path, resource), "eq", value, place))})`;
  }
  return wrapped(attribute, resource, known(columnOf(path, resource), operator, value, place));
}

/** False where there is no value. Not by `coalesce`, behind which PostgreSQL finds no index. */
function known(
  column: SqlColumn,
  operator: Exclude<Comparison, "ne">,
  value: string | number | boolean,
  place: Place,
): string {
  return `(${column.sql} is not null and ${comparisonSql(column, operator, value, place)})`;
}

function absence(filter: ComparisonFilter, present: string): string {
  return filter.operator === "ne" ? present : `(not ${present})`;
}

const operators = { eq: "=", gt: ">", ge: ">=", lt: "<", le: "<=" } as const;

function comparisonSql(
  column: SqlColumn,
  operator: Exclude<Comparison, "ne">,
  value: string | number | boolean,
  place: Place,
): string {
  if (column.kind === "boolean") return `${column.sql} = ${place(value)}::boolean`;
  if (column.kind === "instant") return instantSql(column.sql, operator, String(value), place);
  if (column.kind === "id") return idSql(column.sql, operator, String(value), place);
  const fold = column.isAddress === true ? emailKey : foldText;
  const text = column.isCaseExact ? String(value) : fold(String(value));
  const given = `${place(text)}::text`;
  switch (operator) {
    case "co":
      return `position(${given} in ${column.sql}) > 0`;
    case "sw":
      return `starts_with(${column.sql}, ${given})`;
    case "ew":
      return `right(${column.sql}, length(${given})) = ${given}`;
    default:
      return `${column.sql} ${operators[operator]} ${given} collate "C"`;
  }
}

/** Only `=` on the UUID itself finds an index; what is no id of ours, as we print them, is nobody's. */
function idSql(sql: string, operator: Exclude<Comparison, "ne">, value: string, place: Place): string {
  if (operator === "eq") return isUuid(value) ? `${sql} = ${place(value)}::uuid` : "false";
  const text: SqlColumn = { kind: "text", sql: `(${sql}::text collate "C")`, isCaseExact: true };
  return comparisonSql(text, operator, value, place);
}

function instantSql(sql: string, operator: Exclude<Comparison, "ne">, value: string, place: Place): string {
  switch (operator) {
    case "co":
    case "sw":
    case "ew":
      throw new Error(`The operator ${operator} has no meaning for a date.`);
    default:
      return `${sql} ${operators[operator]} ${place(new Date(value))}::timestamptz`;
  }
}
