/** `owner` is Account Owners, `deploy_owner` Deploy Owners; there is one of each in an organization. */
export const roleKinds = ["owner", "deploy_owner", "custom"] as const;
export type RoleKind = (typeof roleKinds)[number];

/**
 * The source of a grant. The directory takes back only what it gave (`group`); a grant by the owners' mapping
 * (`mapping`) follows the group and the mapping alone.
 */
export const grantSources = ["manual", "default", "group", "mapping"] as const;
export type GrantSource = (typeof grantSources)[number];

/** What a custom role may allow; owners and deploy owners have fixed sets. The order is the one shown on screen. */
export const permissions = [
  { id: "environment.view", label: "See environments", hint: "Open environments and their configuration" },
  { id: "environment.deploy", label: "Deploy", hint: "Deploy, scale and restart what runs in an environment" },
  { id: "environment.admin", label: "Administer environments", hint: "Create, change and remove environments" },
  { id: "sensitive.read", label: "Read secrets", hint: "See credentials and configuration values" },
  { id: "observability.view", label: "See logs and metrics", hint: "Read logs, metrics and traces" },
] as const;
export type PermissionId = (typeof permissions)[number]["id"];

/** `isLinked`: an owner has linked an existing role to the directory. */
export type Role = {
  readonly id: string;
  readonly name: string;
  readonly kind: RoleKind;
  readonly isScimCreated: boolean;
  readonly isLinked: boolean;
  readonly externalId: string | null;
};

/** Does the directory manage this role's members? */
export function isDirectoryManaged(role: Pick<Role, "isScimCreated" | "isLinked">): boolean {
  return role.isScimCreated || role.isLinked;
}
