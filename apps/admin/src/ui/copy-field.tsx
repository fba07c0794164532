import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** A text with a copy button. */
export function CopyField({ text, what }: { readonly text: string; readonly what: string }): ReactNode {
  return (
    <div className="copy-field">
      <code>{text}</code>
      <CopyButton text={text} what={what} />
    </div>
  );
}

/** Puts `text` on the clipboard. `what` names it for screen readers: "Copy SCIM base URL". */
function CopyButton({ text, what }: { readonly text: string; readonly what: string }): ReactNode {
  const clipboard = useClipboard({ timeout: 2500 });
  const Icon = clipboard.copied ? IconCheck : IconCopy;
  const label = clipboard.copied ? "Copied" : "Copy";
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<Icon size={15} stroke={1.75} aria-hidden />}
        aria-label={`${label} ${what}`}
        onClick={() => clipboard.copy(text)}
      >
        {label}
      </Button>
      <output className={clipboard.error === null ? "visually-hidden" : "copy-error small"}>
        {clipboard.copied ? `${what} copied.` : ""}
        {clipboard.error === null ? "" : "Copying is not allowed here. Select the text and copy it by hand."}
      </output>
    </>
  );
}
