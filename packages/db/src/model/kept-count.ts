/** The id of a row of changes: in the order of time, so that merged rows leave whole pages of the index empty. */
export const countId = `(lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0')
  || left(md5(random()::text), 16))::uuid`;

/**
 * The end of a trigger, after it has inserted rows of changes if any (docs/decisions/0051). One write in a hundred merges up to 1,000 rows
 * of the same key into one; it skips those in use, so that none waits. `which`: the condition of the rows; `sums`: the
 * aggregates of the remaining columns by name.
 */
export function mergeRows(
  table: string,
  merge: { readonly key: readonly string[]; readonly which: string; readonly sums: Readonly<Record<string, string>> },
): string {
  const key = merge.key.join(", ");
  const columns = Object.keys(merge.sums).join(", ");
  return `if found and random() < 0.01 then
  with merged as (delete from ${table} where (${key}, id) in (select ${key}, id from ${table}
    where ${merge.which} order by id limit 1000 for update skip locked) returning ${key}, ${columns})
  insert into ${table} (${key}, id, ${columns})
    select ${key}, ${countId}, ${Object.values(merge.sums).join(", ")} from merged group by ${key};
end if;
return null;`;
}

/** `mergeRows` for the roles and sources of the grants in `from`. */
export const mergeGrants = (from: string): string =>
  mergeRows("role_grant_count", {
    key: ["organization_id", "role_id", "source"],
    which: `(organization_id, role_id, source) in (select organization_id, role_id, source from ${from})`,
    sums: { grants: "sum(grants)", tag: "bit_xor(tag)" },
  });

/** A random part of a tag: two changes never cancel each other out. */
export const newTag = "hashtextextended(gen_random_uuid()::text, 0)";
