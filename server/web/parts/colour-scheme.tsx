// Light or dark: the system's choice until the reader takes one, which is then kept.
import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconMoon, IconSun } from "@tabler/icons-react";

export function useShade(): "light" | "dark" {
  return useComputedColorScheme("light", { getInitialValueInEffect: false });
}

export function ColourSchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const shade = useShade();
  const other = shade === "dark" ? "light" : "dark";
  const Icon = other === "dark" ? IconMoon : IconSun;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      onClick={() => setColorScheme(other)}
      aria-label={`Switch to ${other} colours`}
      title={`Switch to ${other} colours`}
    >
      <Icon size={18} stroke={1.6} />
    </ActionIcon>
  );
}
