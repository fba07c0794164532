/** Who looks at a screen: somebody who is not signed in, a member, or an owner. */
type Viewer = "visitor" | "member" | "owner";

/** A screen as it is looked at: where it is, what it says, and what its pictures are called. */
export type Screen = {
  /** As the router names it. */
  readonly route: string;
  /** The name of its pictures in docs/screens. */
  readonly name: string;
  readonly viewer: Viewer;
  /** Its address; `$ada` and the like stand for what the organization on show has. */
  readonly path: string;
  /** The heading before anything is known. */
  readonly title: string;
  /** What is there once everything is. */
  readonly full: string;
  /** It asks the server for what it shows; the others are there at once. */
  readonly isAsking: boolean;
  /** Questions whose failure only leaves something out that the screen can do without. */
  readonly quietly?: readonly string[];
  /** What it says where it has nothing to show: in an organization that has just been made, or at `path` in a full one. */
  readonly empty?: { readonly path?: string; readonly text: string };
};

const form = { viewer: "visitor", isAsking: false } as const;
/** The note on tokens that expire is on all of an owner's screens, which do without it. */
/** What the frame of every owner's screen asks for; where it fails, the screen goes on without its notes. */
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
    empty: { path: "/roles/$lonely", text: "Nobody holds this role" },
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

/** Addresses that only lead on to another screen. */
export const waysOn: readonly string[] = ["/settings/provisioning/guide", "/signed-in-again"];

/** The addresses that a text of `router.tsx` gives to its screens. */
export function routesIn(routerText: string): string[] {
  return [...routerText.matchAll(/^\s*path: "([^"]+)"/gm)].flatMap(([, path]) => (path === undefined ? [] : [path]));
}
