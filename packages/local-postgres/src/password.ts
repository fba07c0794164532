import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";

/** The password of the role `rollcall`; made and kept in `file` (mode 0600) when there is none yet. */
export async function createPassword(file: string): Promise<string> {
  const known = await readPassword(file);
  if (known !== undefined) return known;
  const password = randomBytes(24).toString("base64url");
  // A rename, so that a process that dies here leaves no half password.
  await writeFile(`${file}.new`, `${password}\n`, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
  return password;
}

/** The kept password, or `undefined` when there is none. */
export async function readPassword(file: string): Promise<string | undefined> {
  try {
    const text = (await readFile(file, "utf8")).trim();
    return text === "" ? undefined : text;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw cause;
  }
}
