import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Runs the projects in the order of vitest.config.ts, which names the slow ones first, so that what is left at the end is
 * small and both workers stay busy. Within a project the files that took longest last time come first, or the largest
 * where nothing is known.
 */
export class SlowProjectsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const placeByName = new Map(this.ctx.projects.map(({ name }, place) => [name, place]));
    const placeOf = ({ project }: TestSpecification): number => placeByName.get(project.name) ?? 0;
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}
