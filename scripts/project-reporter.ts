import {
  DefaultReporter,
  type SerializedError,
  type TestCase,
  type TestModule,
  type TestRunEndReason,
  type TestSpecification,
  type Vitest,
} from "vitest/node";

const slowestShown = 10;
const messageLength = 300;

/**
 * A reporter of vitest for whole runs: one line per project as it ends (its tests and the seconds its files took, added
 * up over both workers), the failures in full, and the slowest tests.
 */
export default class ProjectReporter extends DefaultReporter {
  readonly #left = new Map<string, number>();
  readonly #modules: TestModule[] = [];

  constructor() {
    super({ summary: false, silent: "passed-only" });
  }

  /** Without the banner of vitest. */
  override onInit(vitest: Vitest): void {
    this.ctx = vitest;
  }

  override onTestRunStart(specifications: readonly TestSpecification[]): void {
    super.onTestRunStart(specifications);
    for (const { project } of specifications) this.#left.set(project.name, (this.#left.get(project.name) ?? 0) + 1);
  }

  override onTestCaseResult(test: TestCase): void {
    super.onTestCaseResult(test);
    const { state, errors } = test.result();
    if (state === "failed") this.log(`     failed: ${nameOf(test)}: ${messageOf(errors)}`);
  }

  override onTestModuleEnd(module: TestModule): void {
    this.#modules.push(module);
    const { name } = module.project;
    const left = (this.#left.get(name) ?? 1) - 1;
    this.#left.set(name, left);
    if (left === 0)
      this.log(
        projectLine(
          name,
          this.#modules.filter(({ project }) => project.name === name),
        ),
      );
  }

  override onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    super.onTestRunEnd(modules, errors, reason);
    const slowest = modules
      .flatMap((module) => [...module.children.allTests()])
      .map((test) => ({ name: nameOf(test), ms: test.diagnostic()?.duration ?? 0 }))
      .toSorted((one, other) => other.ms - one.ms)
      .slice(0, slowestShown);
    this.log("Slowest tests");
    for (const { name, ms } of slowest) this.log(`${secondsOf(ms).padStart(8)}  ${name}`);
  }

  override reportTestSummary(): void {
    // The command that runs us counts, checks included.
  }
}

function projectLine(name: string, modules: readonly TestModule[]): string {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const failed = tests.filter((test) => test.result().state === "failed").length;
  const isOk = modules.every((module) => module.ok());
  const ms = modules.reduce((sum, module) => sum + durationOf(module), 0);
  const counts = `${tests.length} tests${failed === 0 ? "" : `, ${failed} failed`}`;
  return `${isOk ? "ok  " : "FAIL"} ${name.padEnd(18)} ${secondsOf(ms).padStart(8)}  ${counts}`;
}

function durationOf(module: TestModule): number {
  const { collectDuration, duration, environmentSetupDuration, prepareDuration, setupDuration } = module.diagnostic();
  return collectDuration + duration + environmentSetupDuration + prepareDuration + setupDuration;
}

function nameOf(test: TestCase): string {
  return `${test.project.name} ${test.module.relativeModuleId} > ${test.fullName}`;
}

/** The first error in one line: an excerpt of the output names the cause as well, where one setup fails many tests. */
function messageOf(errors: readonly { readonly message: string }[] = []): string {
  return (errors[0]?.message ?? "").replaceAll(/\s+/g, " ").slice(0, messageLength);
}

function secondsOf(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
