import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";

/** Creates the password of the role `rollcall` and stores it in `file` (mode 0600). */
export async function createPassword(file: string): Promise<string> {
  const known = await readPassword(file);
  if (known !== undefined) return known;
  const password = randomBytes(24).toString("base64url");
  // The rename ensures that a killed process leaves no partial password.
  await writeFile(`${file}.new`, `${password}\n`, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
  return password;
}

/** The stored password, if any. */
export async function readPassword(file: string): Promise<string | undefined> {
  try {
    const text = (await readFile(file, "utf8")).trim();
    return text === "" ? undefined : text;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw cause;
  }
}
