import { createRootRoute, createRoute, createRouter, Navigate } from "@tanstack/react-router";
import { readActivitySearch } from "./features/activity/activity-search.ts";
import { AppFailure } from "./ui/app-failure.tsx";
import { MissingPage } from "./features/shell/missing-page.tsx";
import { ScreenSkeleton } from "./ui/screen-skeleton.tsx";
import { readDomainsSearch } from "./features/domains/domains-search.ts";
import { readHealthSearch } from "./features/health/health-search.ts";
import { readMembersSearch } from "./features/people/members-search.ts";
import { readProvisioningSearch } from "./features/provisioning/provisioning-search.ts";
import { readRequestsSearch } from "./features/requests/requests-search.ts";
import { readRoleSearch, readRolesSearch } from "./features/roles/roles-search.ts";
import { readSearch, readTokenSearch, readTrue, type Search } from "./search.ts";
import { lazyScreen } from "./lazy-screen.ts";
import { OwnerGate } from "./features/shell/owner-gate.tsx";
import { readChecksSearch, readSetupSearch } from "./features/setup/setup-search.ts";
import { Root } from "./features/shell/root.tsx";
import { NotFoundScreen, Shell } from "./features/shell/shell.tsx";
import { readSignInSearch, readSsoSearch } from "./features/sso/sso-search.ts";

const rootRoute = createRootRoute({ component: Root, notFoundComponent: NotFoundScreen });

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: readSignInSearch,
  component: lazyScreen(() => import("./features/account/sign-in-screen.tsx"), "SignInScreen"),
});

const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/invitation",
  validateSearch: readTokenSearch,
  component: lazyScreen(() => import("./features/people/invitation-screen.tsx"), "InvitationScreen"),
});

const forgotPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/forgot-password",
  component: lazyScreen(() => import("./features/account/forgot-password-screen.tsx"), "ForgotPasswordScreen"),
});

const resetPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/reset-password",
  validateSearch: readTokenSearch,
  component: lazyScreen(() => import("./features/account/reset-password-screen.tsx"), "ResetPasswordScreen"),
});

const confirmEmailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/confirm-email",
  validateSearch: readTokenSearch,
  component: lazyScreen(() => import("./features/account/confirm-email-screen.tsx"), "ConfirmEmailScreen"),
});

const undoEmailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/undo-email",
  validateSearch: readTokenSearch,
  component: lazyScreen(() => import("./features/account/confirm-email-screen.tsx"), "UndoEmailScreen"),
});

const signedInAgainRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/signed-in-again",
  component: lazyScreen(() => import("./features/account/signed-in-again-screen.tsx"), "SignedInAgainScreen"),
});

const developerMailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/developer/mail",
  component: lazyScreen(() => import("./features/account/developer-mail-screen.tsx"), "DeveloperMailScreen"),
});

/** Screens without a session. */
const openRoutes = [
  signInRoute,
  invitationRoute,
  forgotPasswordRoute,
  resetPasswordRoute,
  confirmEmailRoute,
  undoEmailRoute,
  signedInAgainRoute,
  developerMailRoute,
] as const;

/** Screens that require a session. */
const shellRoute = createRoute({ getParentRoute: () => rootRoute, id: "shell", component: Shell });

const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/",
  component: lazyScreen(() => import("./features/shell/home-screen.tsx"), "HomeScreen"),
});

const accountRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/account",
  component: lazyScreen(() => import("./features/account/account-screen.tsx"), "AccountScreen"),
});

/** Screens for owners; others see the reason, and no query is sent. */
const ownerRoute = createRoute({ getParentRoute: () => shellRoute, id: "owner", component: OwnerGate });

const healthRoute = createRoute({
  getParentRoute: () => ownerRoute,
  path: "/health",
  validateSearch: readHealthSearch,
  component: lazyScreen(() => import("./features/health/health-screen.tsx"), "HealthScreen"),
});

const provisioningRoute = createRoute({
  getParentRoute: () => ownerRoute,
  path: "/settings/provisioning",
  validateSearch: readProvisioningSearch,
  component: lazyScreen(() => import("./features/provisioning/provisioning-screen.tsx"), "ProvisioningScreen"),
});

const setupRoute = createRoute({
  getParentRoute: () => ownerRoute,
  path: "/setup",
  validateSearch: readSetupSearch,
  component: lazyScreen(() => import("./features/setup/setup-screen.tsx"), "SetupScreen"),
});

/** The former address of the setup, which is still linked. */
const guideRoute = createRoute({
  getParentRoute: () => ownerRoute,
  path: "/settings/provisioning/guide",
  component: () => <Navigate to="/setup" replace />,
});

const checksRoute = createRoute({
  getParentRoute: () => ownerRoute,
  path: "/checks",
  validateSearch: readChecksSearch,
  component: lazyScreen(() => import("./features/self-check/checks-screen.tsx"), "ChecksScreen"),
});

const domainsRoute = createRoute({
  getParentRoute: () => ownerRoute,
  path: "/settings/domains",
  validateSearch: readDomainsSearch,
  component: lazyScreen(() => import("./features/domains/domains-screen.tsx"), "DomainsScreen"),
});

const ssoRoute = createRoute({
  getParentRoute: () => ownerRoute,
  path: "/settings/sso",
  validateSearch: readSsoSearch,
  component: lazyScreen(() => import("./features/sso/sso-screen.tsx"), "SsoScreen"),
});

const membersRoute = createRoute({
  getParentRoute: () => ownerRoute,
  path: "/members",
  validateSearch: readMembersSearch,
  component: lazyScreen(() => import("./features/people/members-screen.tsx"), "MembersScreen"),
});

const memberRoute = createRoute({
  getParentRoute: () => ownerRoute,
  path: "/members/$memberId",
  // `refused`: only what was refused.
  validateSearch: (search: Search) => readSearch(search, { refused: readTrue }),
  component: lazyScreen(() => import("./features/person/member-screen.tsx"), "MemberScreen"),
});

const rolesRoute = createRoute({
  getParentRoute: () => ownerRoute,
  path: "/roles",
  validateSearch: readRolesSearch,
  component: lazyScreen(() => import("./features/roles/roles-screen.tsx"), "RolesScreen"),
});

const roleRoute = createRoute({
  getParentRoute: () => ownerRoute,
  path: "/roles/$roleId",
  validateSearch: readRoleSearch,
  component: lazyScreen(() => import("./features/roles/role-screen.tsx"), "RoleScreen"),
});

const activityRoute = createRoute({
  getParentRoute: () => ownerRoute,
  path: "/activity",
  validateSearch: readActivitySearch,
  component: lazyScreen(() => import("./features/activity/activity-screen.tsx"), "ActivityScreen"),
});

const requestsRoute = createRoute({
  getParentRoute: () => ownerRoute,
  path: "/requests",
  validateSearch: readRequestsSearch,
  component: lazyScreen(() => import("./features/requests/requests-screen.tsx"), "RequestsScreen"),
});

const requestRoute = createRoute({
  getParentRoute: () => ownerRoute,
  path: "/requests/$requestId",
  component: lazyScreen(() => import("./features/requests/request-screen.tsx"), "RequestScreen"),
});

const entryRequestRoute = createRoute({
  getParentRoute: () => ownerRoute,
  path: "/requests/by-entry/$entryId",
  component: lazyScreen(() => import("./features/requests/entry-request-screen.tsx"), "EntryRequestScreen"),
});

const ownerRoutes = [
  healthRoute,
  provisioningRoute,
  setupRoute,
  guideRoute,
  checksRoute,
  domainsRoute,
  ssoRoute,
  membersRoute,
  memberRoute,
  rolesRoute,
  roleRoute,
  activityRoute,
  requestsRoute,
  requestRoute,
  entryRequestRoute,
] as const;

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    ...openRoutes,
    shellRoute.addChildren([homeRoute, accountRoute, ownerRoute.addChildren(ownerRoutes)]),
  ]),
  defaultPreload: "intent",
  defaultPendingComponent: ScreenSkeleton,
  defaultErrorComponent: AppFailure,
  defaultNotFoundComponent: () => <MissingPage kind="page" />,
  scrollRestoration: true,
  // Otherwise parameters that a reader leaves out are kept and the API refuses them.
  search: { strict: true },
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
