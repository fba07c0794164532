import { notifications } from "@mantine/notifications";

/** Says that something worked, for six seconds, in a live region. */
export function say(message: string): void {
  notifications.show({ message, color: "pine", role: "status" });
}
