/** A part of the drawing of a provider's form. `mark`: the number of the field in the list beside it. */
export type DrawnPart =
  | { readonly kind: "tabs"; readonly labels: readonly string[]; readonly current: string }
  | { readonly kind: "field"; readonly label: string; readonly value: string; readonly mark?: number }
  | { readonly kind: "choice" | "radio"; readonly label: string; readonly isOn: boolean; readonly mark?: number }
  | { readonly kind: "button"; readonly label: string; readonly mark?: number };

export type Drawing = { readonly title: string; readonly parts: readonly DrawnPart[] };

/** One thing to enter: `copy` is the exact text for it, `say` what to do or to know. */
type GuideField = { readonly label: string; readonly copy?: string; readonly say?: string };

/** A page of the provider's console: its path, the values and its drawing. */
export type GuideSection = {
  readonly title: string;
  readonly where: string;
  readonly fields: readonly GuideField[];
  readonly drawing: Drawing;
};

export type ProviderGuide = {
  readonly sections: readonly GuideSection[];
  /** The action in the provider's console that completes each line of the last step. */
  readonly tries: { readonly credentials: string; readonly user: string; readonly deactivation: string };
  /** What delays this provider's first request, besides the general causes. */
  readonly delay: string;
};
