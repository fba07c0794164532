import { activityRouter } from "./activity.ts";
import { membersRouter } from "./members.ts";
import { provisioningRouter } from "./provisioning.ts";
import { requestsRouter } from "./requests.ts";
import { rolesRouter } from "./roles.ts";
import { sessionRouter } from "./session.ts";
import { ssoRouter } from "./sso/sso.ts";
import { tokensRouter } from "./tokens.ts";
import { router } from "./trpc.ts";

/** Everything that the console can ask for or do. */
export const appRouter = router({
  session: sessionRouter,
  provisioning: provisioningRouter,
  tokens: tokensRouter,
  members: membersRouter,
  roles: rolesRouter,
  activity: activityRouter,
  requests: requestsRouter,
  sso: ssoRouter,
});
export type AppRouter = typeof appRouter;
