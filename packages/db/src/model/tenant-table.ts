/** The role that owners' work and reads act as, so that `tenantTable` holds (docs/decisions/0049). */
export const tenantRole = "rollcall_tenant";
/** The setting of a transaction that says whose rows it may see and write. */
export const tenantSetting = "rollcall.organization_id";

/**
 * A table whose rows belong to organizations. Row level security is the second net under the `where` of each statement: who
 * acts as `tenantRole` sees and writes the rows of the one organization that the transaction has set, and none without.
 */
export const tenantTable = {
  filters: {
    // Throws where an entity manager does not know its organization: see `Scope`.
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
      // In PostgreSQL's own spelling, as the schema is compared by it.
      using: `((( SELECT CURRENT_USER AS "current_user") <> '${tenantRole}'::name) OR (organization_id = ( SELECT (current_setting('${tenantSetting}'::text, true))::uuid AS current_setting)))`,
    },
  ],
};
