import { type ReactNode, useId } from "react";

type CardProps = {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly aside?: ReactNode;
  readonly children?: ReactNode;
};

/** A titled part of a screen, a landmark of its own. */
export function Card({ title, lead, aside, children }: CardProps): ReactNode {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <div>
          <h2 id={id}>{title}</h2>
          {lead !== undefined && <p className="quiet small measure">{lead}</p>}
        </div>
        {aside}
      </div>
      {children}
    </section>
  );
}
