import { type ReactNode, useId } from "react";
import { CopyField } from "../../ui/copy-field.tsx";
import { FormDrawing } from "./form-drawing.tsx";
import type { GuideSection } from "./provider-guide.ts";

/** A page of the provider's console: its path, the numbered values and a drawing with the same numbers. */
export function GuidePart({ section }: { readonly section: GuideSection }): ReactNode {
  const id = useId();
  return (
    <section className="guide-part" aria-labelledby={id}>
      <h3 id={id}>{section.title}</h3>
      <p className="small quiet measure">{section.where}</p>
      <div className="guide-columns">
        <ol className="guide-fields">
          {section.fields.map(({ label, copy, say }) => (
            <li key={label}>
              <p>
                <strong>{label}</strong>
              </p>
              {copy !== undefined && <CopyField text={copy} what={label} />}
              {say !== undefined && <p className="small quiet">{say}</p>}
            </li>
          ))}
        </ol>
        <FormDrawing drawing={section.drawing} />
      </div>
    </section>
  );
}
