import { lstat, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * The folder for files that the server's user could not reach in DATA_DIR, for example below a root-only home:
 * `/var/lib/rollcall`, else `rollcall` in the temporary folder. Only for root; created if missing. Only root may write
 * there, because it may hold the server's binaries. Throws if another user owns it.
 */
export async function outsideFolder(): Promise<string> {
  const path = await mkdir("/var/lib/rollcall", { recursive: true }).then(
    () => "/var/lib/rollcall",
    () => join(tmpdir(), "rollcall"),
  );
  await mkdir(path, { recursive: true, mode: 0o755 });
  const found = await lstat(path);
  const isOurs = found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0;
  if (!isOurs)
    throw new Error(
      `${path} must be a folder that only root can write. Set DATA_DIR to a folder that every user can enter.`,
    );
  return path;
}
