import { z } from "zod";

/** A date that leaves as an ISO 8601 text in UTC. */
export const isoDate = z.date().transform((date) => date.toISOString());

/** The answer of a mutation that has nothing to tell. */
export const done = z.object({ ok: z.literal(true) });

/** A name or an address: a text on one line that reads as it is written. */
export function nameInput(lengthMax: number): z.ZodString {
  return textInput(lengthMax)
    .trim()
    .refine(
      (text) => !/[\p{Cc}\p{Bidi_Control}]/u.test(text),
      "This holds a line break or another character that cannot be seen. Type it instead of pasting it.",
    );
}

/** A text of at most `lengthMax` characters that PostgreSQL can keep: without NUL, and without half a character. */
export function textInput(lengthMax: number): z.ZodString {
  return z
    .string()
    .max(lengthMax)
    .refine(
      (text) => !text.includes("\u0000") && !/\p{Surrogate}/u.test(text),
      "This holds a character that cannot be kept.",
    );
}

/** An id of ours in an input. */
export const idInput = z.uuid();

/** A moment in UTC in an input, ISO 8601. */
export const momentInput = z.iso.datetime().transform((text) => new Date(text));

/** Pages count from 1; nobody turns more than 100,000 of them. */
export const pageInput = z.number().int().min(1).max(100_000);
export const pageSizeInput = z.number().int().min(10).max(100);
export const limitInput = z.number().int().min(1).max(100);

/** A password as it is typed; long enough for any passphrase, short enough to be hashed. */
export const passwordInput = textInput(1000).min(1, "Enter the password.");
/** A code of an authenticator app, or a recovery code. */
export const codeInput = textInput(40).min(1, "Enter the code.");
/** What a link in a mail carries. A link that was cut off is read as one that no longer works, not as a mistyped field. */
export const linkInput = z.string().max(4000);
