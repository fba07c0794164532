/** The session of a screen: none, a member's, or an owner's. */
type Viewer = "visitor" | "member" | "owner";

/** A screen: its address, its texts and the name of its pictures. */
export type Screen = {
  /** The path in the router. */
  readonly route: string;
  /** The name of its pictures in docs/screens. */
  readonly name: string;
  readonly viewer: Viewer;
  /** Its address; `$ada` and the like are placeholders for ids. */
  readonly path: string;
  /** The heading while it loads. */
  readonly title: string;
  /** A text that is shown once it has loaded. */
  readonly full: string;
  /** Does it send queries? */
  readonly isAsking: boolean;
  /** Optional queries, whose failure leaves out a part of the screen. */
  readonly quietly?: readonly string[];
  /** The text of the empty state: in a new organization, or at `path` in a full one. */
  readonly empty?: { readonly path?: string; readonly text: string };
};

const form = { viewer: "visitor", isAsking: false } as const;
/** The queries of the frame of owners' screens; if they fail, the notes are left out. */
export const frameQueries = ["tokens.list", "guard.hold", "health.state"] as const;
const owner = { viewer: "owner", isAsking: true, quietly: frameQueries } as const;

/** Every screen of the console, once. */
export const everyScreen: readonly Screen[] = [
  { ...form, route: "/sign-in", name: "sign-in", path: "/sign-in", title: "Sign in", full: "Forgot your password?" },
  {
    ...form,
    route: "/invitation",
    name: "invitation",
    path: "/invitation?token=$invitation",
    title: "Invitation",
    full: "invites zoe.guest@partner.example to Acme",
    isAsking: true,
    empty: { path: "/invitation?token=gone", text: "no longer works" },
  },
  {
    ...form,
    route: "/forgot-password",
    name: "forgot-password",
    path: "/forgot-password",
    title: "Forgot your password?",
    full: "Back to sign in",
  },
  {
    ...form,
    route: "/reset-password",
    name: "reset-password",
    path: "/reset-password?token=x",
    title: "Set a new password",
    full: "Ask for another link",
  },
  {
    ...form,
    route: "/confirm-email",
    name: "confirm-email",
    path: "/confirm-email?token=x",
    title: "Confirm your new address",
    full: "This link no longer works",
  },
  {
    ...form,
    route: "/undo-email",
    name: "undo-email",
    path: "/undo-email?token=x",
    title: "Take the change back",
    full: "This link no longer works",
  },
  {
    ...form,
    route: "/developer/mail",
    name: "developer-mail",
    path: "/developer/mail",
    title: "Emails",
    full: "To zoe.guest@partner.example",
    isAsking: true,
  },
  { viewer: "member", isAsking: false, route: "/", name: "home", path: "/", title: "Acme", full: "Your roles" },
  {
    ...owner,
    route: "/account",
    name: "account",
    path: "/account",
    title: "Your account",
    full: "This browser",
  },
  {
    ...owner,
    route: "/health",
    name: "health",
    path: "/health",
    title: "Health",
    full: "The last 24 hours",
    empty: { text: "No requests in the last 24 hours" },
  },
  {
    ...owner,
    route: "/settings/provisioning",
    name: "provisioning",
    path: "/settings/provisioning",
    title: "Provisioning",
    full: "Okta production",
    quietly: ["setup.get", "guard.hold", "health.state"],
    empty: { text: "No tokens yet" },
  },
  {
    ...owner,
    route: "/setup",
    name: "setup",
    path: "/setup?step=connect",
    title: "Set up provisioning",
    full: "SCIM connector base URL",
    empty: { text: "Choose your identity provider" },
  },
  {
    ...owner,
    route: "/checks",
    name: "checks",
    path: "/checks",
    title: "Self-check",
    full: "Everything that Okta would send works with your settings.",
    empty: { text: "No run yet" },
  },
  {
    ...owner,
    route: "/settings/domains",
    name: "domains",
    path: "/settings/domains",
    title: "Domains",
    full: "acme-labs.example",
    empty: { text: "No domain yet" },
  },
  {
    ...owner,
    route: "/settings/sso",
    name: "sso",
    path: "/settings/sso",
    title: "Single sign-on",
    full: "People who may use a password",
    empty: { text: "Set up single sign-on" },
  },
  {
    ...owner,
    route: "/members",
    name: "members",
    path: "/members",
    title: "Members",
    full: "Ada Lovelace",
    quietly: [...frameQueries, "roles.list", "provisioning.get"],
    empty: { path: "/members?search=nobody-is-called-this", text: "No one matches" },
  },
  {
    ...owner,
    route: "/members/$memberId",
    name: "member",
    path: "/members/$ada",
    title: "Member",
    full: "Details",
    quietly: [...frameQueries, "person.explain"],
  },
  {
    ...owner,
    route: "/roles",
    name: "roles",
    path: "/roles",
    title: "Roles",
    full: "Vertrieb und Geschäftsentwicklung Südosteuropa",
    empty: { text: "The directory has pushed no group yet." },
  },
  {
    ...owner,
    route: "/roles/$roleId",
    name: "role",
    path: "/roles/$engineering",
    quietly: [...frameQueries, "roles.mappings"],
    title: "Role",
    full: "Ada Lovelace",
    empty: { path: "/roles/$lonely", text: "No one has this role" },
  },
  {
    ...owner,
    route: "/activity",
    name: "activity",
    path: "/activity",
    title: "Activity",
    full: "Refused",
    empty: { path: "/activity?tokenId=$lonely", text: "Nothing matches" },
  },
  {
    ...owner,
    route: "/requests",
    name: "requests",
    path: "/requests",
    title: "Requests",
    quietly: [...frameQueries, "roles.list"],
    full: "invalidFilter",
    empty: { text: "No requests yet" },
  },
  {
    ...owner,
    route: "/requests/$requestId",
    name: "request",
    path: "/requests/$refused",
    title: "Request",
    full: "What to do next",
  },
  {
    ...owner,
    route: "/requests/by-entry/$entryId",
    name: "entry-request",
    path: "/requests/by-entry/$entry",
    title: "The request that did it",
    full: "No request did this",
  },
];

/** Addresses that only redirect. */
export const waysOn: readonly string[] = ["/settings/provisioning/guide", "/signed-in-again"];

/** The addresses of the screens in the source of `router.tsx`. */
export function routesIn(routerText: string): string[] {
  return [...routerText.matchAll(/^\s*path: "([^"]+)"/gm)].flatMap(([, path]) => (path === undefined ? [] : [path]));
}
