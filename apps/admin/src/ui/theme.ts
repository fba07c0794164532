import {
  Button,
  createTheme,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  Menu,
  Modal,
  ModalHeader,
  Notification,
  Tooltip,
} from "@mantine/core";
import { leaveDialog } from "./keep-focus.ts";

/** Shades 6 and 7, the filled ones, have at least 6:1 contrast with white text. */
const pine: MantineColorsTuple = [
  "#eef5f1",
  "#dbe9e2",
  "#b5d3c6",
  "#8bc0ab",
  "#5f9f89",
  "#3d7f6a",
  "#296757",
  "#1d5245",
  "#164338",
  "#0e3029",
];

const brick: MantineColorsTuple = [
  "#fbf0ee",
  "#f5ddd9",
  "#ecbab2",
  "#e79a8f",
  "#cf6a5b",
  "#b94c3c",
  "#a83a2b",
  "#8f2d20",
  "#75241a",
  "#571a12",
];

export const theme = createTheme({
  primaryColor: "pine",
  primaryShade: { light: 7, dark: 6 },
  colors: { pine, brick },
  black: "#1b1c1a",
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily:
    '"Inter", "Segoe UI Variable Text", "Segoe UI", system-ui, -apple-system, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: '"JetBrains Mono", "SF Mono", ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: "0.75rem", sm: "0.84375rem", md: "0.9375rem", lg: "1.0625rem", xl: "1.25rem" },
  components: {
    Button: Button.extend({ defaultProps: { size: "sm" } }),
    // Without importing the components, which the first screen does not need.
    InputWrapper: { defaultProps: { withAsterisk: false } },
    PasswordInput: { defaultProps: { visibilityToggleButtonProps: { "aria-label": "Show the password" } } },
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        radius: "lg",
        size: 520,
        padding: "xl",
        // No blur: without a graphics card (a remote desktop) it takes the browser half a second per frame.
        overlayProps: { backgroundOpacity: 0.5 },
        // Mantine gives this button no name.
        closeButtonProps: { "aria-label": "Close" },
        onExitTransitionEnd: leaveDialog,
      },
    }),
    // Mantine's header element would be a second banner of the page.
    ModalHeader: ModalHeader.extend({ defaultProps: { role: "presentation" } }),
    // Inside the page's header instead of the end of the body, without an unnamed element in the list of items.
    Menu: Menu.extend({ defaultProps: { withinPortal: false, withInitialFocusPlaceholder: false, shadow: "md" } }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { "aria-label": "Dismiss" } } }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        events: { hover: true, focus: true, touch: true },
        openDelay: 150,
        withArrow: true,
        arrowSize: 6,
      },
    }),
  },
});

const ours = {
  "--mantine-color-body": "var(--rc-canvas)",
  "--mantine-color-text": "var(--rc-ink)",
  "--mantine-color-dimmed": "var(--rc-quiet)",
  "--mantine-color-placeholder": "var(--rc-quiet)",
  "--mantine-color-error": "var(--rc-bad)",
  "--mantine-color-anchor": "var(--rc-accent)",
  "--mantine-color-default": "var(--rc-surface)",
  "--mantine-color-default-hover": "var(--rc-hover)",
  "--mantine-color-default-color": "var(--rc-ink)",
  "--mantine-color-default-border": "var(--rc-edge)",
  "--mantine-color-disabled": "var(--rc-hover)",
  "--mantine-color-disabled-color": "var(--rc-quiet)",
  "--mantine-color-disabled-border": "var(--rc-line)",
} as const;

/**
 * Mantine's grays have less than 4.5:1 contrast on our background, so its color variables use our tokens. They are set
 * for each scheme, as Mantine's are, which would take precedence otherwise.
 */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...ours },
  dark: { ...ours },
});
