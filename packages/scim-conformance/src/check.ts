import type { Feature } from "./feature.ts";
import type { Target } from "./target.ts";
import type { FaultName } from "./testing/faults.ts";

/** One assertion about a service, with the RFC section that demands it. */
export type Check = {
  /** kebab-case, unique, for instance "filter-eq-ignores-case". */
  readonly id: string;
  /** For instance "RFC 7644 section 3.4.2.2". */
  readonly clause: string;
  /** One plain sentence of what must hold. */
  readonly title: string;
  /** The features without which the check is skipped. */
  readonly needs: readonly Feature[];
  /**
   * Throws a `Violation` where the service breaks the clause. It may change the fixtures and create other groups with
   * their label: the fixtures are restored after every check that wrote something.
   */
  readonly run: (target: Target) => Promise<void>;
  /** The faults of a service with which the tests see the check fail. */
  readonly faults: readonly FaultName[];
};

/** Defaults of the checks of a file. A row may have another clause or other needs; its faults are added. */
export type Chapter = {
  readonly clause: string;
  readonly needs?: Feature | readonly Feature[];
  readonly faults?: readonly FaultName[];
};

/** A check without the defaults of its chapter. */
export type CheckRow = Partial<Chapter> & Pick<Check, "title" | "run">;

/** Makes checks of rows, in their order. The key of a row is the id of its check. */
export function checksOf(chapter: Chapter, rows: Readonly<Record<string, CheckRow>>): readonly Check[] {
  return Object.entries(rows).map(
    ([id, { title, run, clause = chapter.clause, needs = chapter.needs, faults = [] }]) => ({
      id,
      clause,
      title,
      needs: [needs ?? []].flat(),
      run,
      faults: [...(chapter.faults ?? []), ...faults],
    }),
  );
}
