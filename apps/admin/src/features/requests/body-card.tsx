import type { ReactNode } from "react";
import { Card } from "../../ui/card.tsx";

type BodyCardProps = {
  readonly title: string;
  readonly body: string | null;
  /** The text if there is no body. */
  readonly none: string;
};

const hiddenValue = /"\((?:text, [\d,]+ characters|number|boolean|hidden|name, [\d,]+ characters)\)"|"… [^"]*"/g;

/** A stored body, formatted; redacted values are dimmed. */
export function BodyCard({ title, body, none }: BodyCardProps): ReactNode {
  if (body === null) {
    return (
      <Card title={title}>
        <p className="quiet">{none}</p>
      </Card>
    );
  }
  const text = laidOut(body);
  const hasHidden = text.search(hiddenValue) >= 0;
  return (
    <Card
      title={title}
      lead={hasHidden ? "Values that Rollcall does not keep are shown by their kind only." : undefined}
    >
      <pre className="body-text">
        <code>{markHidden(text)}</code>
      </pre>
    </Card>
  );
}

function laidOut(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function markHidden(text: string): readonly ReactNode[] {
  const parts: ReactNode[] = [];
  let last = 0;
  for (const found of text.matchAll(hiddenValue)) {
    parts.push(text.slice(last, found.index));
    parts.push(
      <span key={found.index} className="hidden-value">
        {found[0]}
      </span>,
    );
    last = found.index + found[0].length;
  }
  return [...parts, text.slice(last)];
}
