import { z } from "zod";

/** A date, sent as ISO 8601 text in UTC. */
export const isoDate = z.date().transform((date) => date.toISOString());

/** The output of a procedure that returns nothing; `{ ok: true }` in the response. */
export const done = z.void().transform(() => ({ ok: true as const }));

/** A name or an address: visible text on one line. */
export function nameInput(lengthMax: number): z.ZodString {
  return textInput(lengthMax)
    .trim()
    .refine(
      (text) => !/[\p{Cc}\p{Bidi_Control}]/u.test(text),
      "This holds a line break or another character that cannot be seen. Type it instead of pasting it.",
    );
}

/** Text of at most `lengthMax` characters that PostgreSQL accepts: without NUL and unpaired surrogates. */
export function textInput(lengthMax: number): z.ZodString {
  return z
    .string()
    .max(lengthMax)
    .refine(
      (text) => !text.includes("\u0000") && !/\p{Surrogate}/u.test(text),
      "This holds a character that cannot be kept.",
    );
}

/** A member exempted by an owner, from the account locks or from single sign-on. */
export const exemption = z.object({
  memberId: z.string(),
  name: z.string(),
  userName: z.string(),
  createdBy: z.string(),
  createdAt: isoDate,
});

/** A UUID in an input. */
export const idInput = z.uuid();

/** A time in UTC in an input, ISO 8601. */
export const momentInput = z.iso.datetime().transform((text) => new Date(text));

/** Pages count from 1, up to 100,000. */
export const pageInput = z.number().int().min(1).max(100_000);
export const pageSizeInput = z.number().int().min(10).max(100);
export const limitInput = z.number().int().min(1).max(100);

/** A typed password; long enough for any passphrase, short enough to be hashed. */
export const passwordInput = textInput(1000).min(1, "Enter the password.");
/** A code of an authenticator app, or a recovery code. */
export const codeInput = textInput(40).min(1, "Enter the code.");
/** The secret of a link in an email. A truncated link is treated as one that no longer works, not as an invalid field. */
export const linkInput = z.string().max(4000);
