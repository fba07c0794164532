import { listKeptMails } from "@rollcall/db";
import { z } from "zod";
import { publicProcedure, router } from "../trpc.ts";
import { isoDate } from "./wire.ts";

const mail = z.object({
  id: z.string(),
  recipient: z.string(),
  subject: z.string(),
  body: z.string().nullable(),
  createdAt: isoDate,
});

export const mailRouter = router({
  /**
   * The newest hundred mails that were kept instead of sent: a developer's letterbox, for who has forgotten the password
   * as well. `isKept` false, and nothing else, on every server that is not a developer's (`keepsMails` in config.ts).
   */
  list: publicProcedure.output(z.object({ isKept: z.boolean(), mails: z.array(mail) })).query(async ({ ctx }) => {
    if (!ctx.config.keepsMails) return { isKept: false, mails: [] };
    return { isKept: true, mails: [...(await listKeptMails(ctx.database.sql))] };
  }),
});
