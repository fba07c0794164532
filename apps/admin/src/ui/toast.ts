import { notifications } from "@mantine/notifications";

/** Says that something worked, for six seconds, in a live region. */
export function showSuccess(message: string): void {
  notifications.show({ message, color: "pine", role: "status" });
}

/** Says that something did not work where no screen shows it any more, for ten seconds, in a live region. */
export function showError(message: string): void {
  notifications.show({ message, color: "brick", role: "alert", autoClose: 10_000 });
}
