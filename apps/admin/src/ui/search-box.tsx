import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef } from "react";

type SearchBoxProps = {
  readonly label: string;
  readonly placeholder: string;
  /** The search term in the address. */
  readonly value: string | undefined;
  readonly onSearch: (term: string) => void;
};

const waitMs = 250;

/** Updates the address after a delay, and follows the back button. */
export function SearchBox({ label, placeholder, value = "", onSearch }: SearchBoxProps): ReactNode {
  const box = useRef<HTMLInputElement>(null);
  const sent = useRef(value);
  const search = useDebouncedCallback((typed: string) => {
    sent.current = typed.trim();
    onSearch(typed);
  }, waitMs);
  useEffect(() => {
    // The input's own value arrives delayed, when more may have been typed.
    if (value === sent.current || box.current === null) return;
    box.current.value = value;
    sent.current = value;
  }, [value]);
  return (
    <TextInput
      ref={box}
      className="toolbar-wide"
      label={label}
      placeholder={placeholder}
      type="search"
      maxLength={200}
      defaultValue={value}
      leftSection={<IconSearch size={16} stroke={1.75} aria-hidden />}
      onChange={(event) => search(event.currentTarget.value)}
    />
  );
}
