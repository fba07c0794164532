import { run } from "./run.ts";

/** Has anything but tests changed in the apps and packages since `ref`, commits and uncommitted files alike? */
export async function touchesPrograms(ref: string): Promise<boolean> {
  const [changed, added] = [
    await linesOf(["git", "diff", "--name-only", ref, "--"]),
    await linesOf(["git", "ls-files", "--others", "--exclude-standard"]),
  ];
  return [...changed, ...added].some(isProgram);
}

/** Is this a file that the started programs, or the tests that start them, are made of? */
export function isProgram(path: string): boolean {
  if (/^(?:apps\/admin\/src\/browser|apps\/cli)\//.test(path)) return true;
  return /^(?:apps|packages)\//.test(path) && !/\.test\.tsx?$|\/testing\//.test(path);
}

async function linesOf(command: readonly string[]): Promise<readonly string[]> {
  const { code, output } = await run(command, { isShown: false });
  if (code !== 0) throw new Error(`${command.join(" ")} failed: ${output}`);
  return output.split("\n").filter((line) => line !== "");
}
