// A plot taken along: as a picture with its title in it, or its figures as CSV. Loaded beside Plotly, hence a default export.
import { ActionIcon, Menu } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { plotTemplate } from "../../../lib/display/template.ts";
import { useShade } from "./colour-scheme.tsx";
import { saveText } from "./csv.ts";
import type { Figure } from "./figure.ts";
import { type Data, loadPlotly } from "./plotly.ts";

type Downloadable = Pick<Figure, "title" | "data" | "layout" | "csv" | "fileName">;

export default function PlotDownloads({ figure }: { figure: Downloadable }): ReactNode {
  const shade = useShade();
  const { csv, fileName } = figure;
  const picture = (format: "png" | "svg") => () => savePicture(figure, shade, format);
  return (
    <Menu position="bottom-end" withinPortal={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Download plot: ${figure.title}`} title="Download">
          <IconDownload size={16} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={picture("png")}>Picture (PNG)</Menu.Item>
        <Menu.Item onClick={picture("svg")}>Picture (SVG)</Menu.Item>
        <Menu.Item onClick={() => saveText(csv(), `${fileName}.csv`, "text/csv")}>Figures (CSV)</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

async function savePicture(
  { title, data, layout, fileName }: Downloadable,
  shade: "light" | "dark",
  format: "png" | "svg",
): Promise<void> {
  const plotly = await loadPlotly();
  const titled = {
    ...layout,
    template: plotTemplate(shade) as never,
    title: { text: title, font: { size: 16 }, x: 0.02, xanchor: "left" as const },
    margin: { l: 64, r: 24, t: 72, b: 56 },
  };
  const size = { width: 1200, height: 600, filename: fileName };
  await plotly.downloadImage({ data: data as Data[], layout: titled } as never, { format, ...size });
}
