import { accountRouter } from "./account.ts";
import { activityRouter } from "./activity.ts";
import { domainsRouter } from "./domains.ts";
import { forgottenPasswordRouter } from "./forgotten-password.ts";
import { guardRouter } from "./guard.ts";
import { healthRouter } from "./health/health.ts";
import { invitationsRouter } from "./invitations.ts";
import { locksRouter } from "./locks.ts";
import { mailRouter } from "./mail.ts";
import { membersRouter } from "./members.ts";
import { personRouter } from "./person.ts";
import { provisioningRouter } from "./provisioning.ts";
import { requestsRouter } from "./requests.ts";
import { rolesRouter } from "./roles.ts";
import { selfCheckRouter } from "./self-check/self-check.ts";
import { sessionRouter } from "./session.ts";
import { setupRouter } from "./setup.ts";
import { ssoRouter } from "./sso/sso.ts";
import { tokensRouter } from "./tokens.ts";
import { router } from "./trpc.ts";
import { twoFactorRouter } from "./two-factor.ts";

/** Everything that the console can ask for or do. */
export const appRouter = router({
  session: sessionRouter,
  account: accountRouter,
  twoFactor: twoFactorRouter,
  forgottenPassword: forgottenPasswordRouter,
  locks: locksRouter,
  mail: mailRouter,
  domains: domainsRouter,
  provisioning: provisioningRouter,
  guard: guardRouter,
  tokens: tokensRouter,
  members: membersRouter,
  person: personRouter,
  roles: rolesRouter,
  invitations: invitationsRouter,
  activity: activityRouter,
  requests: requestsRouter,
  setup: setupRouter,
  health: healthRouter,
  sso: ssoRouter,
  selfCheck: selfCheckRouter,
});
export type AppRouter = typeof appRouter;
