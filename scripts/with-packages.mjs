import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import module from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/*
 * `node scripts/with-packages.mjs [--log] FILE [ARGUMENT]...`: runs a program of ours with the Node of node_modules, after the
 * packages are installed as the lockfile has them. With `--log` the output of the installation goes to start.log in DATA_DIR,
 * whose path is printed; without, to standard error. In JavaScript for Node 20, which is all there is before the installation
 * (docs/decisions/0047).
 */
const root = resolve(import.meta.dirname, "..");
const given = process.argv.slice(2);
const isLogged = given[0] === "--log";
const [file = "", ...args] = isLogged ? given.slice(1) : given;
const program = resolve(root, file);
const lastLines = 30;

const wasInstalled = isInstalled();
if (!wasInstalled) install();
// Compiled code is kept for this process and those that it starts: they load in half the time.
process.env["NODE_COMPILE_CACHE"] ??= join(root, "node_modules", ".cache", "node-compile");
module.enableCompileCache?.(process.env["NODE_COMPILE_CACHE"]);
if (wasInstalled && Number(process.versions.node.split(".")[0]) >= 26) {
  process.argv.splice(1, process.argv.length, program, ...args);
  await import(pathToFileURL(program).href);
} else {
  runInstalled();
}

/** pnpm keeps a copy of the lockfile that it has installed, and writes its state last. */
function isInstalled() {
  const modules = join(root, "node_modules");
  const installed = join(modules, ".pnpm", "lock.yaml");
  if (!existsSync(installed) || !existsSync(join(modules, ".pnpm-workspace-state-v1.json"))) return false;
  return readFileSync(installed, "utf8") === readFileSync(join(root, "pnpm-lock.yaml"), "utf8");
}

function install() {
  const log = isLogged ? join(resolve(root, process.env["DATA_DIR"] ?? ".data"), "start.log") : undefined;
  if (log !== undefined) mkdirSync(dirname(log), { recursive: true });
  process.stderr.write(`Installing the packages${log === undefined ? "" : ` (log: ${log})`}\n`);
  const output = log === undefined ? process.stderr : openSync(log, "a");
  const [command, ...before] = pnpm();
  const { status, error } = spawnSync(command, [...before, "install", "--frozen-lockfile"], {
    cwd: root,
    stdio: ["ignore", output, output],
  });
  if (typeof output === "number") closeSync(output);
  if (status === 0) return;
  if (log !== undefined)
    process.stderr.write(`${readFileSync(log, "utf8").split("\n").slice(-lastLines).join("\n")}\n`);
  process.stderr.write(`The installation failed (${error?.message ?? `exit code ${status}`}).\n`);
  process.exit(1);
}

/** The pnpm that runs this script. */
function pnpm() {
  const path = process.env["npm_execpath"] ?? "";
  if (!/pnpm[^/\\]*$/.test(path)) return ["npx", "-y", "pnpm@12"];
  return /\.[cm]?js$/.test(path) ? [process.execPath, path] : [path];
}

/** Whatever stops this process stops the program. */
function runInstalled() {
  const child = spawn(join(root, "node_modules", ".bin", "node"), [program, ...args], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.once("error", (cause) => {
    process.stderr.write(`${cause.message}\n`);
    process.exitCode = 1;
  });
  child.once("exit", (code, signal) => {
    process.exitCode = code ?? (signal === null ? 1 : 128);
  });
}
