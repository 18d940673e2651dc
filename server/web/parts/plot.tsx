// One plot on a card: a sentence as its title, a text summary for screen readers, downloads, and a zoom that its page keeps.
// Knows Plotly, not what is drawn.
import { Paper, Skeleton, VisuallyHidden } from "@mantine/core";
import { lazy, type ReactNode, Suspense, useEffect, useId, useMemo, useRef, useState } from "react";
import { plotTemplate } from "../../../lib/display/template.ts";
import { useShade } from "./colour-scheme.tsx";
import { inTurn } from "./drawing-turns.ts";
import { Failure } from "./failure.tsx";
import type { Figure } from "./figure.ts";
import styles from "./plot.module.css";
import { type Data, type Layout, loadPlotly, type Plotly, type PlotRelayoutEvent } from "./plotly.ts";
import { WhenIdle } from "./when-idle.tsx";

/** A plot stays when its downloads do not load. */
const PlotDownloads = lazy(() => import("./plot-downloads.tsx").catch(() => ({ default: () => null })));

export interface PlotProps extends Figure {
  /** A stretch of the x axis was chosen, as Plotly writes its ends; undefined for all of it. */
  onZoom?(range: readonly [string, string] | undefined): void;
  /** Beside the downloads. */
  readonly tools?: ReactNode;
  /** Lower, where many stand side by side. */
  readonly small?: boolean;
  /** Under the plot. */
  readonly children?: ReactNode;
}

export function Plot(props: PlotProps) {
  const { title, summary, data, layout, csv, fileName, note, onZoom, tools, small, children } = props;
  const titleId = useId();
  const summaryId = useId();
  const shade = useShade();
  const styled = useMemo(() => ({ ...layout, template: plotTemplate(shade) as never }), [layout, shade]);
  const { holder, state, retry } = useDrawing(data, styled, onZoom);

  return (
    <Paper component="section" className={styles.card} aria-labelledby={titleId}>
      <div className={styles.head}>
        <h2 className={styles.title} id={titleId}>
          {title}
        </h2>
        <div className={styles.tools}>
          {tools}
          {state !== "loading" && (
            <WhenIdle>
              <Suspense>
                <PlotDownloads figure={{ title, data, layout, csv, fileName }} />
              </Suspense>
            </WhenIdle>
          )}
        </div>
      </div>
      <div className={small ? styles.smallFrame : styles.frame}>
        {state === "loading" && <Skeleton className={styles.skeleton} />}
        {state === "failed" && (
          <Failure
            what="The plot could not be drawn"
            why="Its drawing code did not load."
            todo="Reload the page; the figures beside it still hold."
            onRetry={retry}
          />
        )}
        <div ref={holder} className={styles.plot} role="img" aria-labelledby={titleId} aria-describedby={summaryId} />
      </div>
      <VisuallyHidden id={summaryId}>{summary}</VisuallyHidden>
      {note && <p className={styles.note}>{note}</p>}
      {children}
    </Paper>
  );
}

const config = { displayModeBar: false, scrollZoom: false, doubleClick: false, showTips: false } as const;

function useDrawing(data: readonly Data[], layout: Partial<Layout>, onZoom: PlotProps["onZoom"]) {
  const holder = useRef<HTMLDivElement>(null);
  const zoom = useRef(onZoom);
  zoom.current = onZoom;
  const [plotly, setPlotly] = useState<Plotly>();
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<"loading" | "drawn" | "failed">("loading");

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` is there to try again
  useEffect(() => {
    let current = true;
    setState("loading");
    loadPlotly().then(
      (loaded) => current && setPlotly(() => loaded),
      () => current && setState("failed"),
    );
    return () => {
      current = false;
    };
  }, [attempt]);

  useEffect(() => {
    const element = holder.current;
    if (!plotly || !element) return;
    let current = true;
    inTurn(() => (current ? plotly.react(element, data as Data[], layout, config) : undefined)).then((drawn) => {
      if (!drawn || !current) return;
      setState("drawn");
      drawn.removeAllListeners("plotly_relayout");
      drawn.removeAllListeners("plotly_doubleclick");
      drawn.on("plotly_relayout", (change) => {
        const range = chosenRange(change);
        if (range) zoom.current?.(range);
      });
      drawn.on("plotly_doubleclick", () => zoom.current?.(undefined));
    });
    return () => {
      current = false;
    };
  }, [plotly, data, layout]);

  useEffect(() => {
    const element = holder.current;
    if (!plotly || !element) return;
    let drawnWidth = element.clientWidth;
    const watcher = new ResizeObserver(() => {
      if (element.clientWidth === drawnWidth || !element.classList.contains("js-plotly-plot")) return;
      drawnWidth = element.clientWidth;
      plotly.Plots.resize(element);
    });
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      plotly.purge(element);
    };
  }, [plotly]);

  return { holder, state, retry: () => setAttempt(attempt + 1) };
}

function chosenRange(change: PlotRelayoutEvent): readonly [string, string] | undefined {
  const [start, end] = [change["xaxis.range[0]"], change["xaxis.range[1]"]];
  return typeof start === "string" && typeof end === "string" ? [start, end] : undefined;
}
