import { Migration } from "@mikro-orm/migrations";

/**
 * Names and addresses that look alike are the same (design section 3, rule 14). Names lose characters that control the
 * terminal or the direction of writing. Of roles whose names are the same now, the built-in or oldest one keeps its name
 * and the others get the end of their id behind it. The keys of addresses follow in `TrustAddressKeys`.
 */
export class OneKey extends Migration {
  override up(): void {
    for (const statement of [...cleanedNames, ...uniqueNames]) this.addSql(statement);
  }

  override down(): void {
    throw new Error("The keys have no way back: restore a backup instead.");
  }
}

/** Control characters (U+0000 cannot be there) and those that turn the direction of writing around. */
const unprintable = String.raw`[\u0001-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]`;
const cleaned = (column: string): string => `regexp_replace(${column}, '${unprintable}', '', 'g')`;
const nullable = (column: string): string => `${column} = nullif(${cleaned(column)}, '')`;
const required = (column: string, instead: string): string =>
  `${column} = coalesce(nullif(${cleaned(column)}, ''), ${instead})`;

const cleanedNames = [
  `update member set ${["given_name", "family_name", "display_name"]
    .flatMap((column) => [nullable(column), nullable(`${column}_key`)])
    .join(", ")}, ${required("name", "user_name")}, ${required("name_key", "user_name_key")}
    where concat(given_name, family_name, display_name, name) ~ '${unprintable}'`,
  `update account set ${required("name", "email")} where name ~ '${unprintable}'`,
  `update role set ${required("name", "'Role'")}, ${required("name_key", "'role'")} where name ~ '${unprintable}'`,
];

/** The ranges of Default_Ignorable_Code_Point in Unicode 17, as PostgreSQL's expressions do not know the property. */
const ignorable = String.raw`[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]`;
const identity = `lower(btrim(regexp_replace(regexp_replace(normalize(name_key, nfkc), '${ignorable}', '', 'g'),
  '[\\s\\u1680\\u2028\\u2029]+', ' ', 'g')))`;

const uniqueNames = [
  "drop index role_name_unique",
  `update role r set name = name || ' (' || right(r.id::text, 6) || ')', name_key = name_key || ' (' || right(r.id::text, 6) || ')'
    from (select organization_id, id, row_number() over (partition by organization_id, ${identity}
      order by kind = 'custom', created_at, id) as place from role where deleted_at is null) alike
    where alike.organization_id = r.organization_id and alike.id = r.id and alike.place > 1`,
  `create unique index role_name_unique on role (organization_id, (${identity})) where deleted_at is null`,
  // The index above does not answer the provider's look-up by displayName.
  "create index role_name on role (organization_id, name_key) where deleted_at is null",
];
