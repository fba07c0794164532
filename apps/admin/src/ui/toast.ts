import { notifications } from "@mantine/notifications";

/** Shows a success message for six seconds, in a live region. */
export function showSuccess(message: string): void {
  notifications.show({ message, color: "pine", role: "status" });
}

/** Shows an error without a screen for ten seconds, in a live region. */
export function showError(message: string): void {
  notifications.show({ message, color: "brick", role: "alert", autoClose: 10_000 });
}
