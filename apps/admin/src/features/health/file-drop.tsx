import { Button } from "@mantine/core";
import { IconFileSpreadsheet, IconUpload } from "@tabler/icons-react";
import { type DragEvent, type ReactNode, useRef, useState } from "react";

type FileDropProps = {
  readonly isBusy: boolean;
  /** The file that was chosen last. */
  readonly fileName: string | undefined;
  readonly onFile: (file: File) => void;
};

/** Accepts a dropped or chosen file. */
export function FileDrop({ isBusy, fileName, onFile }: FileDropProps): ReactNode {
  const [isOver, setIsOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = (files: FileList | null): void => {
    const file = files?.[0];
    if (file !== undefined && !isBusy) onFile(file);
  };
  const over = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(true);
  };
  return (
    <div
      className="file-drop"
      data-over={isOver ? "" : undefined}
      onDragEnter={over}
      onDragOver={over}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        take(event.dataTransfer.files);
      }}
    >
      <IconFileSpreadsheet size={28} stroke={1.4} aria-hidden />
      <p className="small">
        {fileName === undefined ? "Drop a CSV file here" : <strong>{fileName}</strong>}
        <span className="quiet"> UTF-8, up to 10 MB and 100,000 people</span>
      </p>
      <Button
        variant="default"
        loading={isBusy}
        leftSection={<IconUpload size={16} stroke={1.75} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        {fileName === undefined ? "Choose a file…" : "Choose another file…"}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.txt,text/csv,text/plain"
        aria-label="CSV file of your identity provider"
        onChange={(event) => {
          take(event.currentTarget.files);
          // Allows choosing the same file again after a correction.
          event.currentTarget.value = "";
        }}
      />
    </div>
  );
}
