import { accountRouter } from "./procedures/account.ts";
import { activityRouter } from "./procedures/activity.ts";
import { domainsRouter } from "./procedures/domains.ts";
import { forgottenPasswordRouter } from "./procedures/forgotten-password.ts";
import { guardRouter } from "./procedures/guard.ts";
import { healthRouter } from "./procedures/health.ts";
import { invitationsRouter } from "./procedures/invitations.ts";
import { locksRouter } from "./procedures/locks.ts";
import { mailRouter } from "./procedures/mail.ts";
import { membersRouter } from "./procedures/members.ts";
import { personRouter } from "./procedures/person.ts";
import { provisioningRouter } from "./procedures/provisioning.ts";
import { requestsRouter } from "./procedures/requests.ts";
import { rolesRouter } from "./procedures/roles.ts";
import { selfCheckRouter } from "./procedures/self-check.ts";
import { sessionRouter } from "./procedures/session.ts";
import { setupRouter } from "./procedures/setup.ts";
import { ssoRouter } from "./procedures/sso.ts";
import { tokensRouter } from "./procedures/tokens.ts";
import { router } from "./trpc.ts";
import { twoFactorRouter } from "./procedures/two-factor.ts";

/** All procedures of the console. */
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
