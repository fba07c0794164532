/** The database role of owners' reads and writes, to which row level security applies (docs/decisions/0049). */
export const tenantRole = "rollcall_tenant";
/** The transaction setting with the organization whose rows are visible. */
export const tenantSetting = "rollcall.organization_id";

/**
 * A table whose rows belong to organizations. Row level security backs up the `where` of each statement: as
 * `tenantRole`, only the rows of the organization in the transaction's setting are visible and writable, and none
 * without it.
 */
export const tenantTable = {
  filters: {
    // Throws if an entity manager has no organization: see `Scope`.
    tenant: {
      name: "tenant",
      cond: ({ organizationId }: { readonly organizationId?: string }) => ({ organizationId }),
      args: true,
      default: true,
    },
  },
  rowLevelSecurity: true,
  policies: [
    {
      name: "tenant",
      // In PostgreSQL's spelling, by which the schema is compared. After a transaction with the setting, it is an empty
      // text, and the second condition is read whatever the first one is where a row has changed in the meantime.
      using: `((( SELECT CURRENT_USER AS "current_user") <> '${tenantRole}'::name) OR (organization_id = ( SELECT (NULLIF(current_setting('${tenantSetting}'::text, true), ''::text))::uuid AS "nullif")))`,
    },
  ],
};
