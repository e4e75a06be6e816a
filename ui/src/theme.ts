/** How the dashboard looks: Mantine's theme, in light and dark, with contrasts that everybody can read. */
import { createTheme, type CSSVariablesResolver } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "cyan",
  primaryShade: { light: 9, dark: 7 },
  defaultRadius: "sm",
  focusRing: "auto",
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono", monospace',
  headings: { fontWeight: "600" },
  autoContrast: true,
  components: {
    // Their heads are `<header>` elements, which would each be a second banner of the page.
    Modal: { defaultProps: { attributes: { header: { role: "presentation" } } } },
    // In a narrow column the rest gives way: what a badge says is short, and says how things are.
    Badge: { styles: { root: { minWidth: "max-content" } } },
    // A menu holds items alone, and the first of them has the focus when it opens.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Drawer: { defaultProps: { attributes: { header: { role: "presentation" } } } },
  },
});

/**
 * Where Mantine's own colours are too near each other for text (secondary text on white 3.3:1, green and orange
 * badges 3.7:1, white on the primary colour and on red in the dark 3.4:1 and 3.7:1): these are over 4.5:1.
 */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#52606d",
    "--mantine-color-placeholder": "#66727f",
    "--mantine-color-error": "#c92a2a",
    "--mantine-color-green-light-color": "#237032",
    "--mantine-color-orange-light-color": "#b33a0b",
  },
  dark: {
    "--mantine-color-dimmed": "#a6adb5",
    "--mantine-color-placeholder": "#8f979f",
    "--mantine-color-error": "#ff8787",
    "--mantine-color-cyan-filled": "#0b7c90",
    "--mantine-color-red-filled": "#d32f2f",
    "--mantine-color-red-filled-hover": "#b92626",
  },
});
