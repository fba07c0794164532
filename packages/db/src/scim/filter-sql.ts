import { emailKey } from "@rollcall/domain";
import { foldText, type AttributePath, type Comparison, type Filter } from "@rollcall/scim-protocol";
import { sql, type RawBuilder } from "kysely";
import { isUuid } from "../store/id.ts";

/**
 * A condition that is never null. Built from fragments, because filters differ for each request, and Kysely's
 * expressions would take a tenth of the time of a lookup.
 */
export type Condition = RawBuilder<boolean>;

/**
 * The SQL of an attribute. `text` columns hold normalized text unless `isCaseExact`, or keys of addresses; an `id` is a
 * UUID, an exact text in SCIM. `isIndexed`: an index finds the few resources with a value. `isNullable`: may be absent.
 */
export type SqlColumn =
  | (ColumnFacts & { readonly kind: "text"; readonly isCaseExact: boolean; readonly isAddress?: true })
  | (ColumnFacts & { readonly kind: "id" })
  | (ColumnFacts & { readonly kind: "boolean" })
  | (ColumnFacts & { readonly kind: "instant" });
type ColumnFacts = { readonly sql: string; readonly isIndexed?: true; readonly isNullable?: true };

/**
 * The columns of a resource type by lower-case name or `name.sub`. `each` turns a condition on the elements of a
 * multi-valued attribute into one on the resource.
 */
export type SqlColumns = {
  readonly columns: ReadonlyMap<string, SqlColumn>;
  readonly each: ReadonlyMap<string, (condition: Condition) => Condition>;
};

/** Every path that scim-protocol accepts must have a column; a missing one is a bug. */
export function columnOf(path: AttributePath, resource: SqlColumns): SqlColumn {
  const name = [path.attribute.name, path.subAttribute?.name].filter((part) => part !== undefined).join(".");
  const column = resource.columns.get(name.toLowerCase());
  if (column === undefined) throw new Error(`The attribute ${name} has no column.`);
  return column;
}

/** Translates a filter into a condition with parameters; no filter matches everything. */
export function filterToSql(filter: Filter | undefined, resource: SqlColumns): Condition {
  return filter === undefined ? sql`true` : condition(filter, resource);
}

/**
 * Whether an index finds the few resources that can match: for the equality of an indexed attribute and its
 * conjunctions with other filters, whose cost is then negligible.
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

function condition(filter: Filter, resource: SqlColumns): Condition {
  switch (filter.kind) {
    case "and":
    case "or": {
      const [left, right] = [condition(filter.left, resource), condition(filter.right, resource)];
      return filter.kind === "and" ? sql`(${left} and ${right})` : sql`(${left} or ${right})`;
    }
    case "not":
      return sql`(not ${condition(filter.operand, resource)})`;
    case "constant":
      return filter.value ? sql`true` : sql`false`;
    case "valuePath": {
      const { name } = filter.attribute;
      return wrapped(name, resource, condition(filter.filter, elementOf(name, resource)));
    }
    case "present":
      return wrapped(filter.path.attribute.name, resource, presence(filter.path, resource));
    case "comparison":
      return compared(filter, resource);
  }
}

/** Inside `emails[…]` a name is a sub-attribute of the current element. */
function elementOf(attribute: string, resource: SqlColumns): SqlColumns {
  const prefix = `${attribute.toLowerCase()}.`;
  const inner = [...resource.columns].filter(([name]) => name.startsWith(prefix));
  return { columns: new Map(inner.map(([name, column]) => [name.slice(prefix.length), column])), each: new Map() };
}

function wrapped(attribute: string, resource: SqlColumns, inner: Condition): Condition {
  return resource.each.get(attribute.toLowerCase())?.(inner) ?? inner;
}

/** A complex attribute is present if any of its sub-attributes is. */
function presence(path: AttributePath, resource: SqlColumns): Condition {
  const name = path.attribute.name.toLowerCase();
  const isOne = path.subAttribute !== undefined || resource.columns.has(name);
  const parts = isOne
    ? [columnOf(path, resource)]
    : [...resource.columns].filter(([other]) => other.startsWith(`${name}.`)).map(([, column]) => column);
  return sql.raw(`(${parts.map((column) => `${column.sql} is not null`).join(" or ")})`);
}

type ComparisonFilter = Extract<Filter, { kind: "comparison" }>;
type Operator = Exclude<Comparison, "ne">;

function compared({ path, operator, value }: ComparisonFilter, resource: SqlColumns): Condition {
  const attribute = path.attribute.name;
  if (value === null) {
    const present = wrapped(attribute, resource, presence(path, resource));
    return operator === "ne" ? present : sql`(not ${present})`;
  }
  const known = (as: Operator): Condition => wrapped(attribute, resource, knownAs(columnOf(path, resource), as, value));
  // `ne` is about the whole attribute: no element may be equal.
  return operator === "ne" ? sql`(not ${known("eq")})` : known(operator);
}

/** False without a value. Without `coalesce`, which would prevent the use of an index. */
function knownAs(column: SqlColumn, operator: Operator, value: string | number | boolean): Condition {
  return sql`(${sql.raw(column.sql)} is not null and ${comparisonSql(column, operator, value)})`;
}

const operators = { eq: "=", gt: ">", ge: ">=", lt: "<", le: "<=" } as const;

function comparisonSql(column: SqlColumn, operator: Operator, value: string | number | boolean): Condition {
  const left = sql.raw(column.sql);
  if (column.kind === "boolean") return sql`${left} = ${value}::boolean`;
  if (column.kind === "id") return idSql(column, operator, String(value));
  const isPattern = operator === "co" || operator === "sw" || operator === "ew";
  if (column.kind === "instant") {
    if (isPattern) throw new Error(`The operator ${operator} has no meaning for a date.`);
    return sql`${left} ${sql.raw(operators[operator])} ${new Date(String(value))}::timestamptz`;
  }
  const fold = column.isAddress === true ? emailKey : foldText;
  const given = sql`${column.isCaseExact ? String(value) : fold(String(value))}::text`;
  switch (operator) {
    case "co":
      return sql`position(${given} in ${left}) > 0`;
    case "sw":
      return sql`starts_with(${left}, ${given})`;
    case "ew":
      return sql`right(${left}, length(${given})) = ${given}`;
    default:
      return sql`${left} ${sql.raw(operators[operator])} ${given} collate "C"`;
  }
}

/** Only `=` on the UUID itself uses an index; a text in another form matches no id. */
function idSql(column: SqlColumn, operator: Operator, value: string): Condition {
  if (operator === "eq") return isUuid(value) ? sql`${sql.raw(column.sql)} = ${value}::uuid` : sql`false`;
  const text: SqlColumn = { kind: "text", sql: `(${column.sql}::text collate "C")`, isCaseExact: true };
  return comparisonSql(text, operator, value);
}
