import { execFileSync } from "node:child_process";
import { chmod, chown, mkdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startLocalPostgres } from "./index.ts";
import { findPostmaster } from "./postmaster.ts";
import { serverUser } from "./server-user.ts";
import { isReachable, freshFolder, startClient } from "./testing/client-process.ts";

const isRoot = process.getuid?.() === 0;
const nobody = isRoot ? { uid: idOf("-u"), gid: idOf("-g") } : { uid: 0, gid: 0 };

let folder = "";

beforeEach(async () => {
  folder = await freshFolder();
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
});

describe.skipIf(!isRoot)("as root (needs root)", () => {
  test("only the server and its data belong to another user", async () => {
    const server = await startLocalPostgres({ dataDir: folder, settings: { fsync: "off" } });
    const user = await serverUser();
    const [data, outer] = [await stat(join(folder, "postgres")), await stat(folder)];
    expect([data.uid, data.mode & 0o777]).toEqual([user?.uid, 0o700]);
    expect(outer.uid).toBe(0);
    expect(await uidOf((await findPostmaster(join(folder, "postgres")))?.pid)).toBe(user?.uid);
    await server.stop();
  });

  test("stores the data outside of a root-only folder, always in the same place", async () => {
    await chmod(folder, 0o700);
    const dataDir = join(folder, "checkout", ".data");
    const first = await startLocalPostgres({ dataDir, settings: { fsync: "off" } });
    const clusterDir = (await readFile(join(dataDir, "postgres.location"), "utf8")).trim();
    try {
      expect(clusterDir.startsWith(folder)).toBe(false);
      expect(await findPostmaster(clusterDir)).toBeDefined();
      await first.stop();
      const second = await startLocalPostgres({ dataDir, settings: { fsync: "off" } });
      expect(second.url).toBe(first.url);
      expect(await isReachable(second.url)).toBe(true);
      await second.stop();
    } finally {
      await first.stop();
      await rm(dirname(clusterDir), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    }
  });
});

describe.skipIf(!isRoot)("as an ordinary user (needs root)", () => {
  test("the server runs as that user", async () => {
    const dataDir = join(folder, "data");
    await mkdir(dataDir);
    await chown(dataDir, nobody.uid, nobody.gid);
    const client = await startClient(dataDir, nobody);
    expect(await isReachable(client.url)).toBe(true);
    expect(await uidOf((await findPostmaster(join(dataDir, "postgres")))?.pid)).toBe(nobody.uid);
    client.kill();
    await expect.poll(() => findPostmaster(join(dataDir, "postgres")), { timeout: 30_000 }).toBeUndefined();

    // Root runs the server as the owner of existing data.
    const server = await startLocalPostgres({ dataDir, settings: { fsync: "off" } });
    expect(await uidOf((await findPostmaster(join(dataDir, "postgres")))?.pid)).toBe(nobody.uid);
    await server.stop();
  });

  test("names DATA_DIR in the error when it is not writable", async () => {
    await expect(startClient(join(folder, "data"), nobody)).rejects.toThrow(/DATA_DIR/);
  });
});

function idOf(flag: "-u" | "-g"): number {
  return Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }).trim());
}

async function uidOf(pid: number | undefined): Promise<number> {
  return Number(execFileSync("ps", ["-o", "uid=", "-p", String(pid)], { encoding: "utf8" }).trim());
}
