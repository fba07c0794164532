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
  readonly needs?: readonly Feature[];
  readonly faults?: readonly FaultName[];
};

type RowParts = Partial<Chapter> & Pick<Check, "title">;

/** A check without its id and the defaults of its chapter. */
export type CheckRow = {
  readonly parts: RowParts & Pick<Check, "run">;
  readonly faults: (...faults: readonly FaultName[]) => CheckRow;
};

type CheckRowStart = {
  readonly clause: (clause: string) => CheckRowStart;
  /** Replaces the needs of the chapter, also by none. */
  readonly needs: (...needs: readonly Feature[]) => CheckRowStart;
  readonly run: (run: Check["run"]) => CheckRow;
};

/** Begins a row: `check("An unknown id is 404.").run(…).faults("a 200 for an unknown id")`. */
export function check(title: string): CheckRowStart {
  return start({ title });
}

function start(parts: RowParts): CheckRowStart {
  return {
    clause: (clause) => start({ ...parts, clause }),
    needs: (...needs) => start({ ...parts, needs }),
    run: (run) => complete({ ...parts, run }),
  };
}

function complete(parts: CheckRow["parts"]): CheckRow {
  return { parts, faults: (...faults) => complete({ ...parts, faults }) };
}

/** Makes checks of rows, in their order. The key of a row is the id of its check. */
export function checksOf(chapter: Chapter, rows: Readonly<Record<string, CheckRow>>): readonly Check[] {
  return Object.entries(rows).map(([id, { parts }]) => ({
    id,
    clause: parts.clause ?? chapter.clause,
    title: parts.title,
    needs: parts.needs ?? chapter.needs ?? [],
    run: parts.run,
    faults: [...(chapter.faults ?? []), ...(parts.faults ?? [])],
  }));
}
