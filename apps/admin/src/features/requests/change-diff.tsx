import { describeChange, withFullStop } from "@rollcall/domain";
import type { ReactNode } from "react";
import { Badge } from "../../ui/badge.tsx";
import { SubjectLink } from "../activity/entry-links.tsx";
import type { RequestDetail } from "./request-queries.ts";

type Change = RequestDetail["changes"][number];
type Values = Readonly<Record<string, unknown>>;

/** A change or refusal of a request in one sentence, with the values before and after. */
export function ChangeDiff({ change }: { readonly change: Change }): ReactNode {
  const { before, after, refusal } = change;
  const [from, to] = [valuesOf(before), valuesOf(after)];
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((name) => name !== "kind");
  return (
    <li>
      {refusal !== null && <Badge tone="bad">Refused</Badge>}
      <p>{withFullStop(describeChange({ ...change, before, after }))}</p>
      <p className="entry-links small">
        <SubjectLink change={change} />
      </p>
      {refusal === null && names.length > 0 && (
        <table className="diff">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{name in from ? <del>{valueLabel(from[name])}</del> : <span className="quiet">Nothing</span>}</td>
                <td>{name in to ? <ins>{valueLabel(to[name])}</ins> : <span className="quiet">Nothing</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </li>
  );
}

function valuesOf(value: unknown): Values {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function valueLabel(value: unknown): string {
  if (value === null || value === undefined || value === "") return "Nothing";
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return typeof value === "string" ? value : JSON.stringify(value);
}
