// The one theme: neutral greys, a teal accent dark enough for white text (AA), 14 px base, system fonts.
import {
  Button,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  type MantineThemeOverride,
} from "@mantine/core";

const teal: MantineColorsTuple = [
  "#e6f7f4",
  "#c9ebe4",
  "#9cdccf",
  "#6cccb9",
  "#43bfa8",
  "#26ad95",
  "#12957f",
  "#0a7464",
  "#07665a",
  "#045045",
];

/** Neutral, without Mantine's blue tint; index 8 is the page, 7 a card, 6 a field. */
const dark: MantineColorsTuple = [
  "#dcdcdc",
  "#bdbdbd",
  "#a3a3a3",
  "#6e6e6e",
  "#424242",
  "#373737",
  "#2b2b2b",
  "#202020",
  "#161616",
  "#0f0f0f",
];

const gray: MantineColorsTuple = [
  "#f7f7f7",
  "#f0f0f0",
  "#e6e6e6",
  "#d9d9d9",
  "#c6c6c6",
  "#a6a6a6",
  "#7d7d7d",
  "#5c5c5c",
  "#3d3d3d",
  "#242424",
];

export const fontFamily: string =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif';

export const theme: MantineThemeOverride = createTheme({
  colors: { teal, dark, gray },
  primaryColor: "teal",
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.3,
  defaultRadius: "sm",
  fontFamily,
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace',
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.125rem" },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.375rem", lineHeight: "1.3" },
      h2: { fontSize: "0.9375rem", lineHeight: "1.4" },
      h3: { fontSize: "0.875rem", lineHeight: "1.4" },
    },
  },
  // Mantine picks the text on a filled accent for the light shade only; its own variable knows both.
  components: {
    Button: Button.extend({
      vars: (_theme, { variant = "filled" }) => ({
        root: variant === "filled" ? { "--button-color": "var(--mantine-primary-color-contrast)" } : {},
      }),
    }),
  },
  respectReducedMotion: true,
  cursorType: "pointer",
  focusRing: "auto",
});

/** What every page's stylesheet says by name; both palettes hold AA on page and card. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#f6f6f5",
    "--mantine-color-dimmed": "#5f5f5f",
    "--mantine-color-placeholder": "#6b6b6b",
    "--mantine-color-anchor": "#0a7464",
    "--mantine-color-error": "#c0281f",
    "--card": "#ffffff",
    "--line": "#e3e3e1",
    "--quiet": "#f0f0ee",
    "--good": "#1a7f37",
    "--waiting": "#0a66c2",
    "--warning": "#8f5a00",
    "--bad": "#c0281f",
    "--still": "#5f5f5f",
    "--warning-back": "#fff6e0",
    "--bad-back": "#fdeeec",
  },
  dark: {
    "--mantine-color-body": "#161616",
    "--mantine-color-dimmed": "#a3a3a3",
    "--mantine-color-placeholder": "#8f8f8f",
    "--mantine-color-anchor": "#43bfa8",
    "--mantine-color-error": "#ff7b72",
    "--card": "#1f1f1f",
    "--line": "#333333",
    "--quiet": "#292929",
    "--good": "#4ac26b",
    "--waiting": "#6cb6ff",
    "--warning": "#e3b341",
    "--bad": "#ff7b72",
    "--still": "#a3a3a3",
    "--warning-back": "#2e2610",
    "--bad-back": "#331d1b",
  },
});
