import { listKeptMails } from "@rollcall/db";
import { z } from "zod";
import { publicProcedure, router } from "../trpc.ts";
import { isoDate } from "./schemas.ts";

const mail = z.object({
  id: z.string(),
  recipient: z.string(),
  subject: z.string(),
  body: z.string().nullable(),
  createdAt: isoDate,
});

export const mailRouter = router({
  /**
   * The newest hundred emails that were stored instead of sent: a developer's inbox, available without a session.
   * Outside of development, `isKept` is false and the list is empty (`keepsMails` in config.ts).
   */
  list: publicProcedure.output(z.object({ isKept: z.boolean(), mails: z.array(mail) })).query(async ({ ctx }) => {
    if (!ctx.config.keepsMails) return { isKept: false, mails: [] };
    return { isKept: true, mails: [...(await listKeptMails(ctx.database.sql))] };
  }),
});
