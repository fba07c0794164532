import { z } from "zod";
import { email, userShape } from "./response-check.ts";

/** A User as required by Okta: with emails, of which exactly one is primary (O-FAQ). */
export const oktaUserShape = userShape.extend({
  emails: z.array(email).refine((all) => all.filter((one) => one.primary === true).length === 1, "needs one primary"),
});
export type OktaUser = z.infer<typeof oktaUserShape>;
