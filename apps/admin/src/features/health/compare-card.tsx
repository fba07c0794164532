import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Card } from "../../ui/card.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { ColumnChoice } from "./column-choice.tsx";
import { ComparisonReport, summaryOf } from "./comparison-report.tsx";
import type { Upload } from "./compare-upload.ts";
import { FileDrop } from "./file-drop.tsx";

/** Compares an uploaded CSV export with the members; the file is not stored. */
export function CompareCard(): ReactNode {
  const compare = useMutation({ mutationFn: upload, gcTime: 0 });
  const { data, variables } = compare;
  const again = (column: string): void => {
    if (variables !== undefined) compare.mutate({ file: variables.file, column });
  };
  return (
    <Card
      title="Compare with a file"
      lead="Export the people of your application in Okta or another provider as CSV and drop the file here. It is compared with the members by user name. The file is not stored, and nothing is changed."
    >
      <FileDrop
        isBusy={compare.isPending}
        fileName={variables?.file.name}
        onFile={(file) => compare.mutate({ file })}
      />
      <div className="after" aria-live="polite" aria-busy={compare.isPending}>
        {compare.isPending && <SkeletonLines count={3} height={52} />}
        {data?.kind === "compared" && <p>{summaryOf(data)}</p>}
        {compare.isError && <ErrorNote error={compare.error} />}
        {data?.kind === "columnUnclear" && (
          <ColumnChoice
            columns={data.columns}
            description="No column of this file is called user name, login or email. Which column holds the user name?"
            onChoose={again}
          />
        )}
      </div>
      {data?.kind === "compared" && <ComparisonReport key={compare.submittedAt} comparison={data} onColumn={again} />}
    </Card>
  );
}

/** The parser of the response is large, so it is loaded with the first file. */
async function upload(input: Upload) {
  const { compareFile } = await import("./compare-upload.ts");
  return compareFile(input);
}
