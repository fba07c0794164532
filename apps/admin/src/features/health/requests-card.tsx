import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Card } from "../../ui/card.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { RequestsChart } from "./requests-chart.tsx";
import type { RequestHour, Health } from "./health-queries.ts";
import { formatHour, formatMs, timeZoneLabel } from "./hour-messages.ts";

/** Number, outcome and duration of the requests of the last 24 hours. */
export function RequestsCard({ health: { day, hours, isEnabled } }: { readonly health: Health }): ReactNode {
  const total = day.answered + day.refused + day.failed;
  return (
    <Card title="The last 24 hours" lead={`Requests from your identity provider, hour by hour, in ${timeZoneLabel()}.`}>
      {total === 0 ? (
        <EmptyNote title="No requests in the last 24 hours">
          {isEnabled
            ? "An identity provider sends requests only when something changes there. A day without requests is normal."
            : "They are counted here once provisioning is on."}
        </EmptyNote>
      ) : (
        <>
          <dl className="figures">
            <Figure name="Succeeded" value={day.answered.toLocaleString("en")} mark="answered" />
            <Figure name="Refused (4xx)" value={day.refused.toLocaleString("en")} mark="refused" />
            <Figure name="Server errors (5xx)" value={day.failed.toLocaleString("en")} mark="failed" />
            <Figure name="Median" value={formatMs(day.medianMs)} mark="median" />
            <Figure name="95th percentile" value={formatMs(day.p95Ms)} mark="p95" />
          </dl>
          <RequestsChart hours={hours} />
          <details className="chart-table">
            <summary>Show the numbers as a table</summary>
            <DataTable
              caption="Requests by the hour"
              columns={columns}
              rows={hours.filter((hour) => hour.medianMs !== null).toReversed()}
              keyOf={({ startsAt }) => startsAt}
            />
          </details>
          {day.refused + day.failed > 0 && (
            <p className="small after">
              <Link to="/requests" search={{ failed: true }}>
                See the failed requests
              </Link>
            </p>
          )}
        </>
      )}
    </Card>
  );
}

type FigureProps = { readonly name: string; readonly value: string; readonly mark: string };

function Figure({ name, value, mark }: FigureProps): ReactNode {
  return (
    <div data-mark={mark}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

const count = (value: number): string => value.toLocaleString("en");
const columns: readonly Column<RequestHour>[] = [
  { id: "hour", header: "From", cell: ({ startsAt }) => formatHour(startsAt) },
  { id: "answered", header: "Succeeded", align: "end", cell: ({ answered }) => count(answered) },
  { id: "refused", header: "Refused", align: "end", cell: ({ refused }) => count(refused) },
  { id: "failed", header: "Server errors", align: "end", cell: ({ failed }) => count(failed) },
  { id: "median", header: "Median", align: "end", cell: ({ medianMs }) => formatMs(medianMs) },
  { id: "p95", header: "95th percentile", align: "end", cell: ({ p95Ms }) => formatMs(p95Ms) },
];
