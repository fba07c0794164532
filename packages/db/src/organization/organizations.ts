import type { Database } from "../store/database.ts";

/** Has this database any organization yet? The first start on an empty one makes the demo. */
export async function hasOrganizations(database: Database): Promise<boolean> {
  const rows = await database.sql.query({ name: "organization_any", text: "select 1 from organization limit 1" }, []);
  return rows.length > 0;
}
